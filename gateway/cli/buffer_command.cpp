#include "gateway/cli/buffer_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/doctor_command.hpp"
#include "gateway/cli/doctor_text.hpp"
#include "gateway/cli/private_files.hpp"
#include "gateway/cli/report_reader.hpp"
#include "gateway/cli/running_gateway.hpp"
#include "gateway/cli/stats_text.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ostream>
#include <sstream>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    std::string file = kDefaultConfiguration;
    std::string copy;  // looked at instead of the configuration's buffer
    bool json = false;
    std::string dataset;
    std::string uplink;
    std::string from;
    std::string until;
    std::string into;
    std::string release;
};

// As for reading: secrets need not be here.
std::optional<settings::Settings> load(const Options& options, CommandContext& context) {
    auto settings = load_for_reading(options.file, context);
    if (!settings)
        context.exit_status = kExitConfiguration;
    else if (!options.copy.empty())
        settings->buffer.path = options.copy;
    return settings;
}

// The gateway's word about this very buffer, if it runs; nothing is said if it does not.
std::optional<observe::BufferReport> ask(const Options& options, CommandContext& context) {
    if (!options.copy.empty()) return std::nullopt;
    std::ostringstream unheard;
    CommandContext quiet{context.in, context.out, unheard, context.language};
    const auto answer = ask_gateway({options.file, {}}, "/status", quiet);
    if (!answer) return std::nullopt;
    const auto report = read_report(*answer);
    return report ? std::optional(report->buffer) : std::nullopt;
}

int say(const std::string& why, int status, CommandContext& context) {
    context.err << why << '\n';
    return status;
}

int show_stats(const Options& options, StoreInspector& inspector, CommandContext& context) {
    const auto settings = load(options, context);
    if (!settings) return context.exit_status;
    const auto stats = inspector.stats(*settings);
    if (!stats) return say(stats.error(), kExitUnavailable, context);
    const auto running = ask(options, context);
    context.out
        << (options.json ? stats_json(*stats, running) + '\n' : stats_text(*stats, running));
    return kExitOk;
}

std::string verdict(doctor::Severity worst, const std::string& path) {
    if (worst == doctor::Severity::failure) return tr("{0} is damaged.", {path});
    if (worst == doctor::Severity::warning)
        return tr("{0} could not be verified as a whole.", {path});
    return tr("{0} is sound.", {path});
}

int verify(const Options& options, StoreInspector& inspector, CommandContext& context) {
    const auto settings = load(options, context);
    if (!settings) return context.exit_status;
    const auto checks = inspector.verify(*settings);
    const auto worst = doctor::worst_of(checks);
    if (options.json)
        context.out << doctor_json(checks) << '\n';
    else
        context.out << verdict(worst, settings->buffer.path) << '\n' << doctor_text(checks);
    if (worst == doctor::Severity::failure) return kExitFailure;
    return worst == doctor::Severity::warning ? kExitWarning : kExitOk;
}

// Where lines go: a new private file, or standard output.
class Target {
  public:
    Target(const Options& options, CommandContext& context)
        : path_(options.into), context_(context) {}

    bool open() { return path_.empty() || is_done(file_.create(path_)); }
    bool write(std::string_view lines) {
        if (!path_.empty()) return is_done(file_.write(lines));
        context_.out << lines;
        context_.out.flush();
        return context_.out.good() ||
               is_done(boost::system::errc::make_error_code(boost::system::errc::io_error));
    }
    bool close() {
        if (path_.empty()) return true;
        if (!is_done(file_.sync())) return false;
        file_.keep();
        return true;
    }

  private:
    bool is_done(const model::Result<void>& done) {
        if (done) return true;
        const bool is_there = done.error() == boost::system::errc::file_exists;
        context_.err << (is_there ? tr("{0} is there already: name a file that is not.", {path_})
                                  : tr("{0} cannot be written: {1}",
                                       {path_.empty() ? tr("Standard output") : path_,
                                        language::failure_words(done.error())}))
                     << '\n';
        return false;
    }

    std::string path_;
    CommandContext& context_;
    PrivateFile file_;
};

// Nothing if a time is none, or a name is unknown; that was said.
std::optional<ReadingQuery> query_of(
    const Options& options, const settings::Settings& settings, CommandContext& context
) {
    ReadingQuery query{options.dataset, options.uplink, {}, {}};
    for (const auto& [text, time] :
         {std::pair(&options.from, &query.from), std::pair(&options.until, &query.until)}) {
        if (text->empty()) continue;
        *time = model::parse_rfc3339(*text);
        if (*time) continue;
        context.err << tr("{0} is no time: write 2026-01-31T23:59:59Z.", {*text}) << '\n';
        return std::nullopt;
    }
    const auto& uplinks = settings.uplinks;
    const bool is_known =
        query.uplink.empty() || std::any_of(uplinks.begin(), uplinks.end(), [&](const auto& each) {
            return each.name == query.uplink;
        });
    if (is_known) return query;
    context.err << tr("The configuration has no uplink {0}.", {query.uplink}) << '\n';
    return std::nullopt;
}

// Whom the datasets are for; on standard error, where it stays apart from the lines.
void tell_who_may(
    const Options& options, const settings::Settings& settings, CommandContext& context
) {
    context.err << tr("These readings are still personal data: a pseudonym stands for a person. "
                      "Only these may have them, for this purpose; delete the copy afterwards.")
                << '\n';
    for (const auto& dataset : settings.datasets) {
        if (!options.dataset.empty() && options.dataset != dataset.name) continue;
        std::string names;
        for (const auto& uplink : settings.uplinks) {
            const auto& taken = uplink.datasets;
            const bool takes =
                taken.empty() || std::find(taken.begin(), taken.end(), dataset.name) != taken.end();
            if (!takes) continue;
            if (!names.empty()) names += ", ";
            names += uplink.recipient.empty() ? uplink.name : uplink.recipient;
        }
        context.err << "  "
                    << tr("{0}: who runs this box, and {1} under its contract; {2}",
                          {dataset.name, names.empty() ? "-" : names, dataset.purpose})
                    << '\n';
    }
}

int export_readings(const Options& options, StoreInspector& inspector, CommandContext& context) {
    const auto settings = load(options, context);
    if (!settings) return context.exit_status;
    const auto query = query_of(options, *settings, context);
    if (!query) return kExitUsage;
    Target target(options, context);
    if (!target.open()) return kExitUnavailable;
    bool is_written = true;
    const auto totals = inspector.readings(*settings, *query, [&](std::string_view lines) {
        return is_written = target.write(lines);
    });
    if (!totals) return say(totals.error(), kExitUnavailable, context);
    if (!is_written || !target.close()) return kExitUnavailable;
    tell_who_may(options, *settings, context);
    context.err << tr("{0} readings exported.", {std::to_string(totals->readings)}) << '\n';
    if (totals->unreadable == 0) return kExitOk;
    return say(
        tr("{0} readings do not open: passerelle buffer verify tells why.",
           {std::to_string(totals->unreadable)}),
        kExitNotOpened,
        context
    );
}

int bring_down(const Options& options, const StoreDowngrade& downgrade, CommandContext& context) {
    const auto settings = load(options, context);
    if (!settings) return context.exit_status;
    const auto done = downgrade(*settings, options.release);
    if (!done) return say(done.error(), kExitNotDone, context);
    context.out << done->text;
    return kExitOk;
}

void add_export_options(CLI::App& command, Options& options) {
    command.add_option("--dataset", options.dataset, tr("Only of this dataset"))
        ->type_name(tr("NAME"));
    command.add_option("--uplink", options.uplink, tr("Only what still waits for this uplink"))
        ->type_name(tr("NAME"));
    command.add_option("--from", options.from, tr("Observed at this time or later"))
        ->type_name(tr("TIME"));
    command.add_option("--to", options.until, tr("Observed before this time"))
        ->type_name(tr("TIME"));
    command.add_option("--into", options.into, tr("A new file, readable by its owner alone"))
        ->type_name(tr("FILE"));
}

ManualText manual() {
    return {
        .description =
            {tr("Reads the buffer beside a gateway that runs, or without one, or a copy of it, and "
                "changes nothing: stats says what it holds and what waits for each recipient, "
                "verify reads every page and opens every reading, export writes the readings."),
             tr("downgrade is for going back to an earlier release, and done by its package: with "
                "the "
                "gateway stopped it brings buffer and open sums down to what that release reads, "
                "with everything stored since, or says why it cannot and changes nothing."),
             tr("An export holds readings as they are stored: pseudonymous, and personal data all "
                "the same. Give it only to who may have it, and delete it afterwards. It needs the "
                "keys of the box, so it is for root and the gateway's user.")},
        .exits =
            {{kExitNotDone, tr("The buffer cannot be brought down for that release.")},
             {kExitWarning, tr("Verified: something is to be seen to, no reading is lost.")},
             {kExitFailure, tr("Verified: damaged.")},
             {kExitNotOpened, tr("Some readings could not be opened, and are not in the export.")},
             {kExitUnavailable, tr("The buffer cannot be read, or the export not be written.")},
             {kExitConfiguration, tr("The configuration of the gateway cannot be used.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples =
            {{"passerelle buffer verify", tr("Is what is stored sound?")},
             {"passerelle buffer export --dataset water --into water.jsonl",
              tr("The stored readings of a dataset:")}},
        .see_also = {"status", "doctor", "subject"}};
}

}  // namespace

void add_buffer_command(
    CLI::App& app,
    CommandContext& context,
    std::shared_ptr<StoreInspector> inspector,
    StoreDowngrade downgrade
) {
    CLI::App* command = app.add_subcommand(
        "buffer", tr("Looks into the buffer; brings it down for an earlier release")
    );
    context.manual[command] = manual;
    command->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    using Show = int (*)(const Options&, StoreInspector&, CommandContext&);
    const auto add_part = [&](const char* name, const std::string& text) {
        CLI::App* part = command->add_subcommand(name, text);
        part->add_option("-c,--config", options->file, tr("The gateway's configuration"))
            ->type_name(tr("FILE"));
        return part;
    };
    const auto add = [&](const char* name, const std::string& text, Show show) {
        CLI::App* part = add_part(name, text);
        part->add_option("--file", options->copy, tr("A copy of the buffer instead"))
            ->type_name(tr("FILE"));
        part->callback([options, inspector, &context, show] {
            context.exit_status = show(*options, *inspector, context);
        });
        return part;
    };
    for (CLI::App* part :
         {add("stats", tr("Shows what the buffer holds, and for whom"), show_stats),
          add("verify", tr("Verifies everything stored, and says what to do"), verify)})
        part->add_flag("--json", options->json, tr("For a machine"));
    add_export_options(
        *add("export", tr("Writes the stored readings as JSON lines"), export_readings), *options
    );
    CLI::App* part = add_part(
        "downgrade", tr("Brings the buffer of a stopped gateway down for an earlier release")
    );
    part->add_option("--for", options->release, tr("The release that is to read it"))
        ->type_name(tr("VERSION"))
        ->required();
    part->callback([options, &context, downgrade = std::move(downgrade)] {
        context.exit_status = bring_down(*options, downgrade, context);
    });
}

}  // namespace gateway::cli
