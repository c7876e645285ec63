#include "gateway/cli/support_bundle_command.hpp"

#include "gateway/cli/box_examination.hpp"
#include "gateway/cli/private_files.hpp"
#include "gateway/cli/support_bundle.hpp"
#include "gateway/cli/tar_archive.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/status/gzip.hpp"
#include "gateway/status/words.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <chrono>
#include <istream>
#include <ostream>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;

constexpr const char* kFolder = "passerelle-support/";
constexpr std::size_t kColumns = 80;  // of a terminal

struct Options {
    std::string file = kDefaultConfiguration;
    std::string into;
    bool list = false;
    bool yes = false;
};

std::chrono::sys_seconds now() {
    return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

// "passerelle-support-20260131T235959Z.tar.gz", in the directory one is in.
std::string default_name() {
    std::string stamp = model::to_rfc3339(now()).substr(0, 19);
    std::erase_if(stamp, [](char each) { return each == '-' || each == ':'; });
    return "passerelle-support-" + stamp + "Z.tar.gz";
}

void list(const Bundle& bundle, std::ostream& out) {
    out << tr("The bundle holds:") << '\n';
    for (const BundleFile& file : bundle.files) {
        out << "  " << file.name << ", " << status::bytes_words(file.content.size()) << '\n'
            << wrapped("      ", file.words, kColumns);
    }
}

// What a person says at the terminal.
bool is_agreed(const std::string& into, CommandContext& context) {
    context.out << tr("Write it to {0}? [y/N]", {into}) << ' ' << std::flush;
    std::string answer;
    std::getline(context.in, answer);
    return answer == "y" || answer == "Y" || answer == tr("y");
}

int write(const Bundle& bundle, const std::string& into, CommandContext& context) {
    TarArchive archive(now().time_since_epoch().count());
    for (const BundleFile& file : bundle.files) archive.add(kFolder + file.name, file.content);
    const auto written = write_private_file(into, status::gzip(archive.take()));
    if (!written) {
        const bool is_there = written.error() == boost::system::errc::file_exists;
        context.err << (is_there ? tr("{0} is there already: name a file that is not.", {into})
                                 : tr("{0} cannot be written: {1}",
                                      {into, language::failure_words(written.error())}))
                    << '\n';
        return kExitUnavailable;
    }
    context.out << tr("Written to {0}. Look into it (tar -xzf) before you send it.", {into})
                << '\n';
    return kExitOk;
}

int decide(const Options& options, const Bundle& bundle, CommandContext& context) {
    list(bundle, context.out);
    if (options.list) return kExitOk;
    const std::string into = options.into.empty() ? default_name() : options.into;
    if (!options.yes && ::isatty(STDIN_FILENO) == 0) {
        context.err << tr("Nobody is here to be asked: --yes writes it.") << '\n';
        return kExitUsage;
    }
    if (!options.yes && !is_agreed(into, context)) return kExitDeclined;
    return write(bundle, into, context);
}

int bundle(const Options& options, StoreInspector& inspector, CommandContext& context) {
    const Bundle made = make_bundle(options.file, inspector, context);
    const int status = decide(options, made, context);
    if (!made.is_examined) leave_at_once(context, status);
    return status;
}

ManualText manual() {
    return {
        .description =
            {tr("Gathers what the helpdesk asks for first: what the doctor finds, the state, the "
                "figures and the history of the gateway if it answers, the configuration, what the "
                "buffer holds, and facts of the system. It lists the files and asks before it "
                "writes them."),
             tr("Only words that are known to be harmless are in it: keys of the configuration, "
                "codes, counts, times. Names, addresses, topics, places and texts are replaced, "
                "each by the same word throughout. There are no readings, no names of devices, no "
                "keys and no log.")},
        .exits =
            {{kExitDeclined, tr("You answered no: nothing was written.")},
             {kExitUnavailable, tr("The file cannot be written.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples =
            {{"sudo passerelle support-bundle --list", tr("What would be in it?")},
             {"sudo passerelle support-bundle --into bundle.tar.gz", tr("Makes it:")}},
        .see_also = {"doctor", "status"}};
}

}  // namespace

void add_support_bundle_command(
    CLI::App& app, CommandContext& context, std::shared_ptr<StoreInspector> inspector
) {
    CLI::App* command = app.add_subcommand(
        "support-bundle", tr("Makes a redacted bundle for the helpdesk, and asks before")
    );
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_option("--into", options->into, tr("The file to write, .tar.gz"))
        ->type_name(tr("FILE"));
    command->add_flag("--list", options->list, tr("Only lists what it would hold"));
    command->add_flag("--yes", options->yes, tr("Writes it without asking"));
    command->add_option("-c,--config", options->file, tr("The gateway's configuration"))
        ->type_name(tr("FILE"));
    command->callback([options, inspector = std::move(inspector), &context] {
        context.exit_status = bundle(*options, *inspector, context);
    });
}

}  // namespace gateway::cli
