#include "gateway/cli/support_bundle.hpp"

#include "gateway/cli/box_examination.hpp"
#include "gateway/cli/configuration.hpp"
#include "gateway/cli/doctor_text.hpp"
#include "gateway/cli/redaction.hpp"
#include "gateway/cli/rollout_session.hpp"
#include "gateway/cli/running_gateway.hpp"
#include "gateway/cli/stats_text.hpp"
#include "gateway/cli/system_facts.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/rollout/record_text.hpp"
#include "gateway/settings/document.hpp"

#include <optional>
#include <sstream>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;

class Collection {
  public:
    Collection(const std::string& file, StoreInspector& inspector, CommandContext& context)
        : file_(file),
          inspector_(inspector),
          context_(context),
          quiet_{context.in, unheard_, unheard_, context.language} {}

    Bundle run() {
        const auto loaded = load_configuration(file_, context_, {.look_at_files = false});
        add_configuration(loaded);  // first: it numbers the names
        add_examination();
        add_running();
        add_changes();
        if (loaded.settings) add_buffer(*loaded.settings);
        add_system(loaded.settings.value_or(settings::Settings{}));
        add_explanation();
        return std::move(bundle_);
    }

  private:
    void add(const char* name, std::string content, std::string words) {
        bundle_.files.push_back({name, std::move(content), std::move(words)});
    }

    // A configuration with errors may have anything anywhere: of that only the places are told.
    void add_configuration(const settings::LoadResult& loaded) {
        settings::Diagnostics faults{file_};
        const auto table = settings::parse_document(loaded.text, faults);
        if (loaded.settings && table) {
            add("configuration.json",
                redaction_.configuration(*table),
                tr("the configuration, with placeholders for names, addresses, paths and texts"));
            return;
        }
        std::string places;
        for (const auto& diagnostic : loaded.diagnostics) {
            places.append(std::to_string(diagnostic.at.line)).append(":");
            places.append(std::to_string(diagnostic.at.column)).append("\n");
        }
        add("configuration-errors.txt",
            std::move(places),
            tr("line and column of each error of the configuration, without its text"));
    }

    void add_examination() {
        const auto examination = examine_this_box(file_, context_);
        bundle_.is_examined = examination.is_complete;
        add("doctor.json",
            redaction_.json(doctor_json(examination.checks)),
            tr("what doctor has looked at, and how bad it is; without its sentences"));
    }

    void add_running() {
        const GatewayPlace place{file_, {}};
        if (const auto status = ask_gateway(place, "/status", quiet_)) {
            add("status.json",
                redaction_.json(*status),
                tr("the state, problems and counts of the gateway that runs"));
        }
        if (const auto history = ask_gateway(place, "/history", quiet_)) {
            add("history.json",
                redaction_.json(*history),
                tr("how many readings came and went in the last hour and day"));
        }
        if (const auto metrics = ask_gateway(place, "/metrics", quiet_)) {
            add("metrics.txt",
                redaction_.metrics(*metrics),
                tr("its figures for a monitoring system"));
        }
    }

    void add_changes() {
        RolloutSession session(quiet_, file_);
        if (!session.open()) return;
        add("changes.json",
            redaction_.json(rollout::to_text(session.history().record())),
            tr("when the configuration was changed, without who did and what"));
    }

    void add_buffer(const settings::Settings& settings) {
        const auto stats = inspector_.stats(settings);
        if (!stats) return;
        add("buffer.json",
            redaction_.json(stats_json(*stats, std::nullopt)),
            tr("how much the buffer holds, and for how many; no reading"));
    }

    void add_system(const settings::Settings& settings) {
        add("system.json",
            system_facts({settings.buffer.path, settings.gateway.state_directory}),
            tr("releases, kernel, memory, and the room on the disks of buffer and state"));
    }

    // For whoever opens the bundle.
    void add_explanation() {
        std::string text =
            std::string(tr(
                "A support bundle of Passerelle. Placeholders such as uplink-2 stand for the same "
                "name in every file; those of sources, datasets, sums and uplinks have the numbers "
                "of their tables in the configuration. No readings, no devices, no keys."
            )) +
            "\n\n";
        for (const BundleFile& file : bundle_.files)
            text.append(file.name).append(": ").append(file.words).append("\n");
        add("README.txt", std::move(text), tr("this list"));
    }

    const std::string& file_;
    StoreInspector& inspector_;
    CommandContext& context_;
    std::ostringstream unheard_;  // what is missing is seen by the list
    CommandContext quiet_;
    Redaction redaction_;
    Bundle bundle_;
};

}  // namespace

Bundle make_bundle(
    const std::string& configuration, StoreInspector& inspector, CommandContext& context
) {
    return Collection(configuration, inspector, context).run();
}

}  // namespace gateway::cli
