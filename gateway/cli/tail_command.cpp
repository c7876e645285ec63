#include "gateway/cli/tail_command.hpp"

#include "gateway/cli/http_connection.hpp"
#include "gateway/cli/http_lines.hpp"
#include "gateway/cli/running_gateway.hpp"
#include "gateway/cli/tail_line.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/status/tail_filter.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <ostream>
#include <thread>
#include <vector>

namespace gateway::cli {
namespace {

using language::tr;

constexpr std::chrono::seconds kPatience{5};  // for the beginning of the answer
// A gateway that works says something more often (status::Tail::kSign).
constexpr std::chrono::seconds kSilenceMax{60};
constexpr std::chrono::seconds kRetry{1};

struct Options {
    GatewayPlace place;
    status::TailFilter filter;
    std::optional<std::uint64_t> count;
    bool json = false;
};

class Following {
  public:
    Following(const Options& options, CommandContext& context)
        : options_(options), context_(context) {}

    // The exit status.
    int run() {
        if (!open()) return context_.exit_status;
        while (!is_done()) {
            if (show_lines()) continue;
            context_.err << tr("The gateway has ended the answer, or says nothing any more. It is "
                               "waited for; Ctrl-C ends this.")
                         << std::endl;
            if (!open_again()) return context_.exit_status;
            context_.err << tr("It answers again. What came in between is not shown.") << std::endl;
        }
        return kExitOk;
    }

  private:
    enum class Outcome { open, refused, away };

    bool is_done() const {
        const bool is_read = context_.out.good();
        return !is_read || (options_.count && shown_ >= *options_.count);
    }

    // False, and the exit status, where there is nobody to follow.
    bool open() {
        const auto outcome = try_to_open();
        if (outcome == Outcome::away) {
            context_.err << tr("No gateway answers on its unix socket. Is it running? systemctl "
                               "status passerelle tells. It needs a socket in [status].")
                         << '\n'
                         << failures_;
            context_.exit_status = kExitUnavailable;
        }
        return outcome == Outcome::open;
    }

    bool open_again() {
        for (;;) {
            std::this_thread::sleep_for(kRetry);
            const auto outcome = try_to_open();
            if (outcome != Outcome::away) return outcome == Outcome::open;
        }
    }

    Outcome try_to_open() {
        failures_.clear();
        for (const std::string& address : gateway_addresses(options_.place, context_)) {
            if (!is_socket_path(address)) continue;
            lines_ = std::make_unique<HttpLines>();
            const auto status = lines_->open(
                address, status::kTailPath, status::to_json(options_.filter), kPatience
            );
            if (status) return judge(*status);
            failures_ += "  " + address + ": " + language::failure_words(status.error()) + '\n';
        }
        return Outcome::away;
    }

    Outcome judge(int status) {
        constexpr int kOk = 200;
        constexpr int kForbidden = 403;
        constexpr int kNotFound = 404;
        constexpr int kTooMany = 503;
        if (status == kOk) return Outcome::open;
        std::string text = tr("What answers there is not a gateway that shows readings.");
        context_.exit_status = kExitUnavailable;
        if (status == kForbidden) {
            text =
                tr("Readings are shown to root, to the gateway's own user and to members of the "
                   "group of [status].");
            context_.exit_status = kExitNotAllowed;
        } else if (status == kNotFound) {
            text =
                tr("The gateway has no dataset {0}: passerelle check lists them.",
                   {options_.filter.dataset});
            context_.exit_status = kExitUsage;
        } else if (status == kTooMany) {
            text = tr("Too many follow the readings already: end one of the others.");
        }
        context_.err << text << '\n';
        return Outcome::refused;
    }

    // What there is to show; false when the answer is over.
    bool show_lines() {
        do {
            const auto line = lines_->next(kSilenceMax);
            if (!line) return false;
            show(*line);
        } while (!is_done() && lines_->has_line());
        context_.out.flush();
        return true;
    }

    void show(const std::string& line) {
        const auto read = read_tail_line(line);
        if (read.kind == TailLine::Kind::sign) return;
        if (read.kind == TailLine::Kind::event) ++shown_;
        context_.out << (options_.json ? line : read.text) << '\n';
    }

    const Options& options_;
    CommandContext& context_;
    std::unique_ptr<HttpLines> lines_;
    std::string failures_;  // of the last attempt, a line each
    std::uint64_t shown_ = 0;
};

int follow(const Options& options, CommandContext& context) {
    const std::string& address = options.place.address;
    if (!address.empty() && !is_socket_path(address)) {
        context.err << tr("Readings are shown on the gateway's unix socket alone: --address is its "
                          "path.")
                    << '\n';
        return kExitUsage;
    }
    return Following(options, context).run();
}

ManualText manual() {
    return {
        .description =
            {tr("Shows each reading once it is on the disk, as it is stored: what the rules of its "
                "dataset took out is not there. Of what is refused it shows the cause, never the "
                "content. It goes on until Ctrl-C, and waits for a gateway that goes away."),
             tr("Readings are shown on the unix socket alone, to root, to the gateway's user and "
                "to "
                "the group of [status]. Of a dataset that keeps coarse times it shows only that a "
                "reading was stored. Who is too slow is told how many lines are missing.")},
        .exits =
            {{kExitNotAllowed, tr("You may not see readings here.")},
             {kExitUnavailable, tr("No gateway answers.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples =
            {{"passerelle tail --dataset water -n 10", tr("The next ten readings of a dataset:")},
             {"passerelle tail --refused", tr("What is refused, and why:")}},
        .see_also = {"status", "devices", "explain"}};
}

}  // namespace

void add_tail_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "tail", tr("Shows readings as the gateway stores them, and why it refuses others")
    );
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_option("--dataset", options->filter.dataset, tr("Those of one dataset"))
        ->type_name(tr("NAME"));
    CLI::Option* device = command
                              ->add_option(
                                  "--device",
                                  options->filter.device,
                                  tr("Those of devices whose stored names begin like this")
                              )
                              ->type_name(tr("NAME"));
    command
        ->add_flag("--refused", options->filter.only_refused, tr("Only what is refused, by cause"))
        ->excludes(device);
    command->add_option("-n", options->count, tr("Ends after so many lines"))
        ->type_name(tr("COUNT"))
        ->check(CLI::PositiveNumber.description(""));
    command->add_flag("--json", options->json, tr("For a machine: one JSON object a line"));
    add_gateway_options(*command, options->place);
    command->callback([options, &context] { context.exit_status = follow(*options, context); });
}

}  // namespace gateway::cli
