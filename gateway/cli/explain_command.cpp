#include "gateway/cli/explain_command.hpp"

#include "gateway/cli/explainer.hpp"
#include "gateway/cli/explanation_text.hpp"
#include "gateway/cli/payload_options.hpp"
#include "gateway/cli/reading_json.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/settings/suggestion.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <fstream>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    PayloadOptions payloads;
    std::string dataset;
    std::string input;  // empty: standard input
    bool json = false;
};

const settings::Dataset* find_dataset(
    const settings::Settings& settings, const Options& options, CommandContext& context
) {
    std::vector<std::string_view> names;
    for (const auto& dataset : settings.datasets) {
        if (dataset.name == options.dataset) return &dataset;
        names.push_back(dataset.name);
    }
    const auto meant = settings::nearest(options.dataset, names);
    context.exit_status = usage_error(
        options.payloads,
        meant.empty()
            ? tr("{0} has no dataset named '{1}'", {options.payloads.file, options.dataset})
            : tr("{0} has no dataset named '{1}': did you mean '{2}'?",
                 {options.payloads.file, options.dataset, meant}),
        context
    );
    return nullptr;
}

// The source whose payloads these are. Null and the exit status if nobody can tell; null alone if
// the format is given and no source is wanted.
const settings::Source* chosen_source(
    const settings::Settings& settings, const Options& options, CommandContext& context
) {
    if (!options.payloads.source.empty()) return find_source(settings, options.payloads, context);
    if (!options.payloads.format.empty()) return nullptr;
    std::vector<const settings::Source*> feeding;
    std::string names;
    for (const auto& source : settings.sources) {
        if (source.dataset != options.dataset) continue;
        feeding.push_back(&source);
        names.append(names.empty() ? "" : ", ").append(source.name);
    }
    if (feeding.size() == 1) return feeding.front();
    context.exit_status = usage_error(
        options.payloads,
        feeding.empty() ? tr("no source feeds the dataset '{0}': add --format", {options.dataset})
                        : tr("several sources feed the dataset '{0}': add --source with one of {1}",
                             {options.dataset, names}),
        context
    );
    return nullptr;
}

// Writes what becomes of one line of payload after the other.
class LineExplainer {
  public:
    LineExplainer(const Options& options, const DecodeOptions& lines, Explainer& explainer)
        : options_(options), decoder_(lines), explainer_(explainer) {}

    // True if everything in every line would be stored.
    bool explain(std::istream& in, std::ostream& out) {
        bool is_stored = true;
        if (!options_.json) {
            out << tr("Pseudonyms below are made with keys that are thrown away: they are not "
                      "those "
                      "of the gateway.")
                << '\n';
        }
        for (std::string line; std::getline(in, line);) {
            const auto decoded = decoder_.decode(line);
            if (!decoded) {
                out << refused(decoded.error()) << '\n';
                is_stored = false;
            } else {
                is_stored = write_readings(out) && is_stored;
            }
            out << std::flush;
        }
        return is_stored;
    }

  private:
    std::string refused(const model::Fault& fault) const {
        if (options_.json) return error_json(fault);
        return '\n' + tr("This line is refused: {0}", {tr(fault.detail)});
    }

    bool write_readings(std::ostream& out) {
        bool is_stored = true;
        std::string json;
        auto& readings = decoder_.readings();
        if (readings.all().empty() && !options_.json)
            out << '\n' << tr("This line holds no reading.") << '\n';
        for (const auto& reading : readings.all()) {
            const auto explanation = explainer_.explain(reading, readings);
            is_stored = is_stored && !explanation.refusal;
            if (!options_.json) {
                out << '\n' << explanation_text(explanation, explainer_.uplinks());
            } else {
                json.append(json.empty() ? "" : ",");
                json += explanation_json(explanation, explainer_.uplinks());
            }
        }
        if (options_.json) {
            std::string head = "{";
            append_member(head, "dataset", options_.dataset);
            out << head << ",\"keys\":\"throw-away\",\"readings\":[" << json << "]}\n";
        }
        return is_stored;
    }

    const Options& options_;
    LineDecoder decoder_;
    Explainer& explainer_;
};

void run(const Options& options, CommandContext& context) {
    const auto settings = load_settings(options.payloads, context);
    if (!settings) return;
    const auto* dataset = find_dataset(*settings, options, context);
    if (dataset == nullptr) return;
    const auto* source = chosen_source(*settings, options, context);
    if (source == nullptr && context.exit_status != kExitOk) return;
    const auto lines = decode_options(options.payloads, source, context);
    if (!lines) return;
    std::ifstream file;
    if (!options.input.empty()) file.open(options.input, std::ios::binary);
    if (!options.input.empty() && !file) {
        context.exit_status =
            usage_error(options.payloads, tr("{0} cannot be read", {options.input}), context);
        return;
    }
    const runtime::SystemClock clock;
    Explainer explainer{*settings, *dataset, clock};
    LineExplainer explained{options, *lines, explainer};
    std::istream& in = options.input.empty() ? context.in : file;
    if (dataset->consent_each && !options.json) {
        context.out << tr("Only devices with a consent in force are stored; this is what becomes "
                          "of theirs.")
                    << '\n';
    }
    context.exit_status = explained.explain(in, context.out) ? kExitOk : kExitNotExplained;
}

ManualText manual() {
    return {
        .description =
            {tr("Reads payloads as passerelle-decode(1) does, and shows field by field what the "
                "rules of the dataset make of them and why, what is stored, and what each "
                "recipient gets."),
             tr("Pseudonyms are made with keys that are thrown away: they are not those of the "
                "gateway. Neither the store nor the gateway's keys are touched.")},
        .exits =
            {{kExitNotExplained, tr("A line, or a reading in it, would be refused.")},
             {kExitConfiguration,
              tr("The configuration cannot be used; its mistakes are on standard error.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples =
            {{"passerelle explain --config new.toml --dataset water --topic water/m-1/reading "
              "payloads.jsonl",
              tr("Before a dataset is put to work:")}},
        .see_also = {"decode", "check", "register"}};
}

}  // namespace

void add_explain_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "explain", tr("Shows what a dataset's rules make of payloads, and who gets it")
    );
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    options->payloads.command = "explain";
    command->add_option("--dataset", options->dataset, tr("The dataset whose rules are applied"))
        ->type_name(tr("NAME"))
        ->required();
    add_payload_options(*command, options->payloads);
    command->add_flag("--json", options->json, tr("For a machine"));
    command->add_option("payloads", options->input, tr("The payloads; standard input without it"))
        ->type_name(tr("FILE"));
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace gateway::cli
