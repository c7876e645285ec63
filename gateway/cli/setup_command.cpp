#include "gateway/cli/setup_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/setup_answers.hpp"
#include "gateway/cli/setup_session.hpp"
#include "gateway/cli/setup_words.hpp"
#include "gateway/cli/stop_signals.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/secret_file.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>
#include <ostream>
#include <system_error>
#include <vector>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    std::string file = kDefaultConfiguration;
    std::string answers;   // a file of them; empty: none
    std::string profiles;  // empty: where they are installed
    SetupOrder order;
    std::map<std::string, std::string> single;               // by the question's key
    std::map<std::string, std::vector<std::string>> listed;  // "SOURCE=…", by its beginning
};

// An option that is the answer to one question.
struct AnswerOption {
    const char* key;
    const char* word;  // for its value
    const char* text;
};

std::vector<AnswerOption> answer_options() {
    return {
        {"id", tr("NAME"), tr("The name of the box")},
        {"city", tr("TEXT"), tr("The city")},
        {"profile", tr("PROFILE"), tr("The service: water, energy, air, noise …")},
        {"broker", "URL", tr("The broker that the box subscribes at")},
        {"broker_user", tr("TEXT"), tr("The user at the broker")},
        {"broker_password_file", tr("FILE"), tr("The file with the broker's password")},
        {"host", tr("HOST"), tr("Under which name or address devices reach the box")},
        {"certificate_file", tr("FILE"), tr("The box's certificate (PEM)")},
        {"certificate_key_file", tr("FILE"), tr("The key of the certificate (PEM)")},
        {"uplink_url", "URL", tr("The address of the city's platform")},
        {"token_file", tr("FILE"), tr("The file with the platform's token")},
        {"uplink_ca", tr("FILE"), tr("The authority of the platform's certificate (PEM)")},
        {"group", tr("NAME"), tr("The group of those who may apply configurations")},
        {"contact", tr("TEXT"), tr("The address where citizens ask about their data")},
        {"controller", tr("TEXT"), tr("Who answers for the processing")},
        {"state_directory", tr("DIRECTORY"), tr("Where buffer and keys lie")},
        {"status_listen", tr("ADDRESS"), tr("The address of the status page")},
        {"status_socket", tr("FILE"), tr("The socket of the commands")}};
}

bool is_terminal() {
    return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

std::string this_host() {
    constexpr std::size_t kNameMax = 256;
    std::array<char, kNameMax> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::optional<SetupAnswers> answers_in(const std::string& file, CommandContext& context) {
    const auto text = runtime::read_secret(file, settings::kConfigurationBytesMax);
    if (!text) {
        context.err << tr("{0} cannot be read: {1}", {file, language::failure_words(text.error())})
                    << '\n';
        context.exit_status = kExitUsage;
        return std::nullopt;
    }
    std::vector<settings::Diagnostic> diagnostics;
    auto answers = read_answers(*text, file, diagnostics);
    if (diagnostics.empty()) return answers;
    for (const auto& diagnostic : diagnostics)
        context.err << settings::to_string(diagnostic) << '\n';
    context.exit_status = kExitConfiguration;
    return std::nullopt;
}

// Those on the command line go before those of the file.
std::optional<SetupAnswers> given_answers(const Options& options, CommandContext& context) {
    std::optional<SetupAnswers> answers{std::in_place};
    if (!options.answers.empty()) answers = answers_in(options.answers, context);
    if (!answers) return std::nullopt;
    for (const auto& [key, value] : options.single) (*answers)[key] = {value, option_for(key)};
    for (const auto& [key, values] : options.listed) {
        for (const std::string& each : values) {
            const auto sign = each.find('=');
            const std::string name = key + '.' + each.substr(0, sign);
            const std::string value = sign == std::string::npos ? "" : each.substr(sign + 1);
            (*answers)[name] = {value, option_for(name)};
        }
    }
    return answers;
}

// Nothing where there are no profiles.
std::optional<SetupSurroundings> surroundings(const Options& options, CommandContext& context) {
    SetupSurroundings around;
    auto found =
        profiles_in(options.profiles.empty() ? share_directory() + "/profiles" : options.profiles);
    for (const std::string& file : found.unusable)
        context.err << tr("{0} is left out: passerelle check says what is wrong with it.", {file})
                    << '\n';
    if (found.usable.empty()) {
        context.err << tr("There are no profiles to start from: --profiles DIRECTORY says where "
                          "they are.")
                    << '\n';
        context.exit_status = kExitUsage;
        return std::nullopt;
    }
    around.profiles = std::move(found.usable);
    const auto file = std::filesystem::absolute(options.file).lexically_normal();
    around.file = file.string();
    around.directory = file.parent_path().string();
    around.host_name = this_host();
    around.language = spoken_language();
    around.is_somebody_here = is_terminal() && !options.order.is_agreed;
    around.look_at_files = !options.order.is_dry_run;
    return around;
}

// Why this user cannot write there: nobody should answer everything first to learn that.
std::error_code hindrance_of(std::filesystem::path directory) {
    std::error_code failure;
    while (!std::filesystem::exists(directory, failure) && directory.has_relative_path())
        directory = directory.parent_path();
    if (::access(directory.c_str(), W_OK | X_OK) == 0) return {};
    return {errno, std::generic_category()};
}

// Signals end the questions, and what is being written is written whole.
void hold(SetupSurroundings around, const Options& options, CommandContext& context) {
    const auto given = given_answers(options, context);
    if (!given) return;
    const StopSignals signals;
    std::optional<LineInput> input;
    std::optional<SetupConversation> conversation;
    if (around.is_somebody_here) {
        input.emplace("-", signals.descriptor());
        conversation.emplace(*input, context.out);
    }
    SetupSession session(
        std::move(around), options.order, conversation ? &*conversation : nullptr, context
    );
    if (session.answer(*given)) session.write();
    bool is_pending = true;
    while (is_pending) is_pending = signals.take();  // it would end the process behind the session
}

void set_up(const Options& options, CommandContext& context) {
    const bool is_alone = !is_terminal() && !options.order.is_agreed;
    if (is_alone && !options.order.is_dry_run) {
        context.err << tr("Nobody is here to be asked: --yes writes it.") << '\n';
        context.exit_status = kExitUsage;
        return;
    }
    auto around = surroundings(options, context);
    if (!around) return;
    const auto hindrance = hindrance_of(around->directory);
    if (hindrance && !options.order.is_dry_run) {
        context.err << tr("You cannot write to {0} ({1}): run it as root (sudo passerelle setup), "
                          "or choose another file with --config.",
                          {around->directory, language::failure_words(hindrance)})
                    << '\n';
        context.exit_status = kExitNotPlaced;
        return;
    }
    hold(std::move(*around), options, context);
}

ManualText manual() {
    return {
        .description =
            {tr("Makes the first configuration of a box from the profile of a service: the name of "
                "the box, the service, how devices connect, the address of the city's platform and "
                "where its token is kept, who may ask. At a terminal it asks what was not "
                "answered, a line each, and checks each answer at once. At the end it shows the "
                "whole file and asks before it writes."),
             tr("Everything is written or nothing, whatever ends it. What was in the place of the "
                "configuration is kept beside it (.bak); a file that somebody changed is replaced "
                "only if you agree, or with --force. Beside it come what it names and what is not "
                "there yet: files for the devices' passwords or keys, a certificate of the box, "
                "and the secrets that you typed, none of which is ever an argument or shown."),
             tr("--answers takes a TOML file with the same answers, a key and a text in quotes "
                "each: language, id, city, profile, broker, broker_user, broker_password_file, "
                "certificate (make or files), host, certificate_file, certificate_key_file, "
                "uplink_url, token_file, uplink_ca, group, contact, controller, law, "
                "state_directory, status_listen, status_socket; and below [connect] and [listen] a "
                "key for each source of the profile. What is not in it has the answer that Enter "
                "would give.")},
        .exits =
            {{kExitNotDone,
              tr("You did not agree, it was interrupted, or a changed file is there. Nothing was "
                 "written.")},
             {kExitNotPlaced, tr("A file cannot be written. Nothing was changed.")},
             {kExitConfiguration, tr("An answer cannot be taken; the message says where.")}},
        .files =
            {{kDefaultConfiguration, tr("What it writes, where nothing else is named.")},
             {"/usr/share/passerelle/profiles", tr("The profiles.")}},
        .examples =
            {{"passerelle setup", tr("Asks everything:")},
             {"passerelle setup --answers box.toml --yes", tr("Asks nothing:")},
             {"passerelle setup --profile water --id box-7 --yes --dry-run",
              tr("What would it write?")}},
        .see_also = {"check", "device", "doctor"}};
}

using SharedOptions = std::shared_ptr<Options>;

CLI::Option* add_answer(
    CLI::App& command, const SharedOptions& options, const AnswerOption& answer
) {
    const std::string key = answer.key;
    return command
        .add_option_function<std::string>(
            option_for(key),
            [options, key](const std::string& value) { options->single[key] = value; },
            answer.text
        )
        ->type_name(answer.word);
}

void add_answers(CLI::App& command, const SharedOptions& options) {
    for (const AnswerOption& answer : answer_options()) add_answer(command, options, answer);
    add_answer(command, options, {"language", "fr|en", tr("The language of the box")})
        ->check(CLI::IsMember({"fr", "en"}).description(""));
    add_answer(
        command, options, {"certificate", tr("CHOICE"), tr("make: the box makes one; or files")}
    )
        ->check(CLI::IsMember({"make", "files"}).description(""));
    add_answer(command, options, {"law", tr("LAW"), tr("Under which law data is processed")})
        ->check(CLI::IsMember({"fr", "ma", "sn", "tn", "malabo"}).description(""));
    for (const auto& [key, text] :
         {std::pair{
              "connect", tr("How a source's devices connect: mqtt-listener, mqtt, coap, none")},
          std::pair{"listen", tr("The address and port for a source's devices")}}) {
        const std::string name = key;
        command
            .add_option_function<std::vector<std::string>>(
                "--" + name,
                [options, name](const std::vector<std::string>& values) {
                    options->listed[name] = values;
                },
                text
            )
            ->type_name(tr("SOURCE=VALUE"))
            ->expected(1)
            ->take_all();
    }
}

}  // namespace

void add_setup_command(CLI::App& app, CommandContext& context) {
    CLI::App* command =
        app.add_subcommand("setup", tr("Makes the first configuration of a box, step by step"));
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_option("-c,--config", options->file, tr("The configuration to be written"))
        ->type_name(tr("FILE"));
    command
        ->add_option("--answers", options->answers, tr("Answers, so that nobody is asked for them"))
        ->type_name(tr("FILE"));
    command->add_option("--profiles", options->profiles, tr("Where the profiles are"))
        ->type_name(tr("DIRECTORY"));
    command->add_flag("--yes", options->order.is_agreed, tr("Asks nothing and writes it"));
    command->add_flag(
        "--dry-run", options->order.is_dry_run, tr("Shows the configuration and writes nothing")
    );
    command->add_flag(
        "--force", options->order.is_forced, tr("Replaces a configuration that somebody changed")
    );
    add_answers(*command, options);
    command->callback([options, &context] { set_up(*options, context); });
}

}  // namespace gateway::cli
