#include "gateway/cli/quarantine_command.hpp"

#include "gateway/cli/key_pair_files.hpp"
#include "gateway/cli/quarantine_files.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/wipe.hpp"
#include "gateway/sealing/sealed_box.hpp"

#include <CLI/CLI.hpp>

#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    std::string key_file;
    std::string directory = "/var/lib/passerelle/quarantine";
};

int make_keys(const Options& options, CommandContext& context) {
    auto keys = sealing::make_key_pair();
    const std::string line = "officer_key = \"" + keys.public_key + '"';
    const int status = keep_key_pair(options.key_file, keys.private_key, line, context);
    runtime::wipe(keys.private_key);
    return status;
}

int open(const Options& options, CommandContext& context) {
    const auto opener = read_opener(options.key_file, "quarantine", context);
    if (!opener) return kExitUnavailable;
    const auto count = open_records(options.directory, *opener, context);
    return count && *count == 0 ? kExitOk : count ? kExitNotOpened : kExitUnavailable;
}

void add_directory(CLI::App& command, Options& options) {
    command.add_option("directory", options.directory, tr("The quarantine, or a copy of it"))
        ->type_name(tr("DIRECTORY"));
}

ManualText manual() {
    return {
        .description = {tr(
            "With [privacy.quarantine] the gateway keeps what it refused, sealed with the public "
            "key of the data-protection officer, and cannot open it. keygen and open run on the "
            "officer's machine; list shows on the box when and why something was sealed, which is "
            "all that can be told without the key."
        )},
        .exits =
            {{kExitNotOpened, tr("A record is damaged, or sealed for another key.")},
             {kExitUnavailable, tr("A file cannot be read or written.")}},
        .files = {{"/var/lib/passerelle/quarantine", tr("The sealed records.")}},
        .examples =
            {{"passerelle quarantine keygen officer.key",
              tr("Once; prints the line for the configuration:")},
             {"passerelle quarantine open --key officer.key quarantine",
              tr("Opens a copy of the directory:")}},
        .see_also = {"policy", "subject"}};
}

}  // namespace

void add_quarantine_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand("quarantine", tr("Opens what was refused and sealed"));
    context.manual[command] = manual;
    command->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    CLI::App* keygen = command->add_subcommand("keygen", tr("Makes the officer's pair of keys"));
    keygen->add_option("file", options->key_file, tr("Where the private key goes"))
        ->type_name(tr("FILE"))
        ->required();
    keygen->callback([options, &context] { context.exit_status = make_keys(*options, context); });
    CLI::App* opening =
        command->add_subcommand("open", tr("Shows every record, one line of JSON each"));
    opening->add_option("--key", options->key_file, tr("The private key"))
        ->type_name(tr("FILE"))
        ->required();
    add_directory(*opening, *options);
    opening->callback([options, &context] { context.exit_status = open(*options, context); });
    CLI::App* list = command->add_subcommand("list", tr("Shows when and why something was sealed"));
    add_directory(*list, *options);
    list->callback([options, &context] {
        const bool is_there = list_records(options->directory, context);
        context.exit_status = is_there ? kExitOk : kExitUnavailable;
    });
}

}  // namespace gateway::cli
