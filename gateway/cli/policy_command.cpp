#include "gateway/cli/policy_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/key_pair_files.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"
#include "gateway/loosening/signature.hpp"
#include "gateway/runtime/wipe.hpp"
#include "gateway/sealing/signature.hpp"

#include <CLI/CLI.hpp>

#include <fstream>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    std::string key_file;
    std::string file = "passerelle.toml";
};

int make_keys(const Options& options, CommandContext& context) {
    auto keys = sealing::make_signing_keys();
    const std::string line = "loosening_key = \"" + keys.public_key + '"';
    const int status = keep_key_pair(options.key_file, keys.private_key, line, context);
    runtime::wipe(keys.private_key);
    return status;
}

// What is signed is the text, so it is looked at first: away from its box, without the files that
// it names.
int sign(const Options& options, CommandContext& context) {
    const auto result = load_configuration(options.file, context, {.look_at_files = false});
    if (!result.settings) {
        write_diagnostics(result, context);
        return kExitConfiguration;
    }
    std::string key = read_private_key(options.key_file, context);
    if (key.empty()) return kExitUnavailable;
    const auto signature = loosening::sign(key, result.text);
    runtime::wipe(key);
    if (!signature) {
        say_no_private_key(options.key_file, "policy", context);
        return kExitUnavailable;
    }
    const std::string file = loosening::signature_file(options.file).string();
    std::ofstream stream(file, std::ios::trunc);
    stream << *signature << '\n' << std::flush;
    if (!stream) {
        context.err << tr("the signature cannot be written to {0}", {file}) << '\n';
        return kExitUnavailable;
    }
    context.out << tr("The signature is in {0}: put both files on the gateway.", {file}) << '\n';
    return kExitOk;
}

ManualText manual() {
    return {
        .description = {tr(
            "Where [privacy] names a loosening_key, a configuration that opens more than the one "
            "that ran last does not run without the signature of the city. keygen makes the pair "
            "of keys and prints the line for the configuration; sign writes the signature beside "
            "the file, as FILE.sig. Both run on a machine of the city, not on the box."
        )},
        .exits =
            {{kExitUnavailable, tr("A file cannot be read or written, or holds no key.")},
             {kExitConfiguration,
              tr("The configuration cannot be used; its mistakes are on standard error.")}},
        .files = {{"FILE.sig", tr("The signature of a configuration; it goes with it.")}},
        .examples =
            {{"passerelle policy keygen city.key", tr("Once:")},
             {"passerelle policy sign --key city.key new.toml", tr("Writes new.toml.sig:")}},
        .see_also = {"check", "apply"}};
}

}  // namespace

void add_policy_command(CLI::App& app, CommandContext& context) {
    CLI::App* command =
        app.add_subcommand("policy", tr("Signs configurations that open more than the last one"));
    context.manual[command] = manual;
    command->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    CLI::App* keygen = command->add_subcommand("keygen", tr("Makes the city's pair of keys"));
    keygen->add_option("file", options->key_file, tr("Where the private key goes"))
        ->type_name(tr("FILE"))
        ->required();
    keygen->callback([options, &context] { context.exit_status = make_keys(*options, context); });
    CLI::App* signing = command->add_subcommand("sign", tr("Signs a configuration"));
    signing->add_option("--key", options->key_file, tr("The private key"))
        ->type_name(tr("FILE"))
        ->required();
    signing->add_option("file", options->file, tr("The configuration"))->type_name(tr("FILE"));
    signing->callback([options, &context] { context.exit_status = sign(*options, context); });
}

}  // namespace gateway::cli
