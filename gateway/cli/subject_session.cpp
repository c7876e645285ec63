#include "gateway/cli/subject_session.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/configuration_to_run.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/parse.hpp>

#include <fstream>
#include <istream>
#include <ostream>

namespace gateway::cli {
namespace {

namespace json = boost::json;
using language::tr;

// An erasure looks through the whole store before it answers.
constexpr std::chrono::minutes kPatience{30};
constexpr int kRefused = 400;

class RunningGateway final : public SubjectChannel {
  public:
    explicit RunningGateway(std::string socket) : socket_(std::move(socket)) {}

    // Whether anybody listens there.
    bool answers() const {
        constexpr std::chrono::seconds kSoon{5};
        return http_get(socket_, "/healthz", kSoon).has_value();
    }

    model::Result<HttpAnswer> ask(const std::string& path, const std::string& body) override {
        return http_post(socket_, path, body, kPatience);
    }

  private:
    std::string socket_;
};

std::string words_of(const HttpAnswer& answer) {
    boost::system::error_code failure;
    const json::value value = json::parse(answer.body, failure);
    const auto* error =
        !failure && value.is_object() ? value.get_object().if_contains("error") : nullptr;
    const auto* text =
        error != nullptr && error->is_object() ? error->get_object().if_contains("text") : nullptr;
    if (text == nullptr || !text->is_string()) return answer.body;
    return tr(text->get_string().c_str());
}

}  // namespace

void add_subject_options(CLI::App& command, SubjectOptions& options) {
    command
        .add_option("--dataset", options.datasets, tr("The dataset; may be given several times"))
        ->type_name(tr("NAME"))
        ->required();
    command.add_option("-c,--config", options.file, tr("The gateway's configuration"))
        ->type_name(tr("FILE"));
    command
        .add_option(
            "--identity-file",
            options.identity_file,
            tr("Where the identity is read from, its first line; standard input without it. It is "
               "never an argument: those are seen by others and kept by the shell")
        )
        ->type_name(tr("FILE"));
}

bool SubjectSession::fail(int status, const std::string& text) {
    context_.err << text << '\n';
    context_.exit_status = status;
    return false;
}

bool SubjectSession::open(const OpenLocalDesk& open_local) {
    auto [loaded, given] = configuration_to_run(options_.file, context_, {.look_at_files = false});
    if (!loaded.settings) {
        write_diagnostics(loaded, context_);
        context_.exit_status = kExitConfiguration;
        return false;
    }
    settings_ = std::move(*loaded.settings);
    const std::string& socket = settings_->status.socket;
    auto running = std::make_unique<RunningGateway>(socket);
    if (!socket.empty() && running->answers()) {
        channel_ = std::move(running);
        return true;
    }
    auto opened = open_local(*settings_);
    if (!opened) return fail(kExitUnavailable, opened.error());
    channel_ = std::move(*opened);
    return true;
}

std::optional<subject::Request> SubjectSession::request() {
    subject::Request request;
    request.datasets = options_.datasets;
    request.field = options_.field;
    std::ifstream file;
    if (options_.identity_file != "-") file.open(options_.identity_file, std::ios::binary);
    std::istream& in = options_.identity_file == "-" ? context_.in : file;
    request.identity.reserve(subject::kIdentityBytesMax + 2);
    std::getline(in, request.identity);
    if (request.identity.ends_with('\r')) request.identity.pop_back();
    if (!request.identity.empty() && request.identity.size() <= subject::kIdentityBytesMax)
        return request;
    fail(
        kExitUsage,
        tr("The identity is missing or longer than {0} bytes: write it into standard input.",
           {std::to_string(subject::kIdentityBytesMax)})
    );
    return std::nullopt;
}

std::optional<std::string> SubjectSession::ask(
    const std::string& path, const subject::Request& request
) {
    std::string body = subject::to_json(request);
    auto answer = channel_->ask(path, body);
    subject::wipe(body);
    if (!answer) {
        fail(
            kExitUnavailable,
            tr("The store does not answer: {0}", {language::failure_words(answer.error())})
        );
        return std::nullopt;
    }
    if (answer->status >= kRefused) {
        fail(kExitNotDone, words_of(*answer));
        return std::nullopt;
    }
    return std::move(answer->body);
}

}  // namespace gateway::cli
