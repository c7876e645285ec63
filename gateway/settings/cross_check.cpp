#include "gateway/settings/cross_check.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"
#include "gateway/settings/places.hpp"
#include "gateway/settings/recipient_terms.hpp"
#include "gateway/settings/suggestion.hpp"
#include "gateway/settings/units.hpp"

#include <algorithm>
#include <set>

namespace gateway::settings {
namespace {

using language::tr;

template <class T>
void check_unique(
    std::string_view table, const std::vector<T>& list, const Table& document, Diagnostics& found
) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string& name = list[i].name;
        if (name.empty() || names.insert(name).second) continue;
        found.error(
            place_of(document, {table, i, "name"}),
            tr("there is another [[{0}]] named \"{1}\"", {table, name}),
            tr("give each a name of its own")
        );
    }
}

class DatasetCheck {
  public:
    DatasetCheck(const Settings& settings, const Table& document, Diagnostics& diagnostics)
        : settings_(settings), document_(document), diagnostics_(diagnostics) {
        for (const Dataset& dataset : settings.datasets) names_.push_back(dataset.name);
    }

    void check_references() {
        for (std::size_t i = 0; i < settings_.sources.size(); ++i)
            require(settings_.sources[i].dataset, place_of(document_, {"source", i, "dataset"}));
        for (std::size_t i = 0; i < settings_.uplinks.size(); ++i) {
            const auto& datasets = settings_.uplinks[i].datasets;
            for (std::size_t j = 0; j < datasets.size(); ++j)
                require(datasets[j], place_of(document_, {"uplink", i, "datasets", j}));
        }
        for (std::size_t i = 0; i < settings_.sums.size(); ++i) {
            require(settings_.sums[i].from, place_of(document_, {"sum", i, "from"}));
            require(settings_.sums[i].into, place_of(document_, {"sum", i, "into"}));
        }
    }

    void check_use() {
        for (std::size_t i = 0; i < settings_.datasets.size(); ++i) {
            const std::string& name = settings_.datasets[i].name;
            const Position at = place_of(document_, {"dataset", i, "name"});
            if (name.empty()) continue;
            if (!has_source(name)) {
                diagnostics_.warning(
                    at,
                    tr("no source feeds the dataset \"{0}\"", {name}),
                    tr("add a [[source]] with dataset = \"{0}\", or remove the dataset", {name})
                );
            } else if (!has_uplink(name)) {
                diagnostics_.warning(
                    at,
                    tr("no uplink takes the dataset \"{0}\": its readings stay here until their "
                       "retention ends",
                       {name}),
                    tr("add \"{0}\" to the datasets of an [[uplink]]", {name})
                );
            }
        }
    }

  private:
    void require(const std::string& name, Position at) {
        if (name.empty() || std::find(names_.begin(), names_.end(), name) != names_.end()) return;
        const std::string_view meant = nearest(name, names_);
        diagnostics_.error(
            at,
            tr("there is no dataset \"{0}\"", {name}),
            meant.empty() ? tr("add a [[dataset]] with name = \"{0}\"", {name})
                          : tr("did you mean '{0}'?", {meant})
        );
    }

    bool has_source(const std::string& name) const {
        const auto feeds = [&](const Source& source) { return source.dataset == name; };
        const auto adds = [&](const Sum& sum) { return sum.into == name; };
        return std::any_of(settings_.sources.begin(), settings_.sources.end(), feeds) ||
               std::any_of(settings_.sums.begin(), settings_.sums.end(), adds);
    }

    // An uplink, or a sum that reads it.
    bool has_uplink(const std::string& name) const {
        const auto takes_it = [&](const Uplink& uplink) { return takes(uplink, name); };
        const auto reads = [&](const Sum& sum) { return sum.from == name; };
        return std::any_of(settings_.uplinks.begin(), settings_.uplinks.end(), takes_it) ||
               std::any_of(settings_.sums.begin(), settings_.sums.end(), reads);
    }

    const Settings& settings_;
    const Table& document_;
    Diagnostics& diagnostics_;
    std::vector<std::string_view> names_;
};

void check_uplinks(const Settings& settings, const Table& document, Diagnostics& diagnostics) {
    for (std::size_t i = 0; i < settings.uplinks.size(); ++i) {
        const Uplink& uplink = settings.uplinks[i];
        if (uplink.retry_min <= uplink.retry_max) continue;
        diagnostics.error(
            place_of(document, {"uplink", i, "retry_min"}),
            tr("'retry_min' is above 'retry_max'"),
            tr("write a shorter 'retry_min' or a longer 'retry_max'")
        );
    }
}

// An MQTT source takes one message after the other and each waits for its commit.
void check_linger(const Settings& settings, const Table& document, Diagnostics& diagnostics) {
    constexpr milliseconds kNoticeable{5};
    const milliseconds linger = settings.buffer.linger.value_or(Buffer::kLingerMax);
    const bool subscribes =
        std::any_of(settings.sources.begin(), settings.sources.end(), [](const Source& source) {
            return std::holds_alternative<MqttClient>(source.driver);
        });
    if (linger < kNoticeable || !subscribes) return;
    const auto at = place_of(document, {"buffer", "linger"});
    if (!settings.buffer.linger) {
        diagnostics.warning(
            at,
            tr("when the flash budget is used up, each message of an MQTT source waits up to {0}",
               {duration_text(linger)}),
            tr("give a larger 'flash_budget_per_day' if the messages are many")
        );
        return;
    }
    const auto rate = std::max<std::int64_t>(1, milliseconds{1000} / linger);
    diagnostics.warning(
        at,
        tr("each message of an MQTT source waits so long: at most {0} a second are taken",
           {std::to_string(rate)}),
        tr("remove 'linger' unless the messages are few and the card must be spared")
    );
}

void check_flash_budget(const Settings& settings, const Table& document, Diagnostics& diagnostics) {
    const Position at = place_of(document, {"buffer", "flash_budget_per_day"});
    const bool is_written = !(at == place_of(document, {"buffer"}));
    if (!is_written || !settings.buffer.linger) return;
    diagnostics.error(
        at,
        tr("'flash_budget_per_day' has no effect with a fixed 'linger'"),
        tr("write linger = \"auto\", or remove 'flash_budget_per_day'")
    );
}

void check_status(const Settings& settings, const Table& document, Diagnostics& diagnostics) {
    if (!settings.status.group.empty() && settings.status.socket.empty()) {
        diagnostics.error(
            place_of(document, {"status", "group"}),
            tr("'group' has no effect without a 'socket'"),
            tr("write socket = \"/run/passerelle/status.sock\", or remove 'group'")
        );
    }
    const auto address = parse_listen(settings.status.listen);
    if (!address || is_loopback(address->host)) return;
    diagnostics.warning(
        place_of(document, {"status", "listen"}),
        tr("every machine that reaches this one can read the status page"),
        tr("write \"127.0.0.1:{0}\" and come through SSH, or let a firewall decide",
           {std::to_string(address->port)})
    );
}

void check_completeness(const Settings& settings, Diagnostics& diagnostics) {
    if (settings.sources.empty()) {
        diagnostics.warning(
            {}, tr("there is no source: nothing will be received"), tr("add a [[source]]")
        );
    }
}

}  // namespace

void cross_check(const Settings& settings, const Table& document, Diagnostics& diagnostics) {
    check_unique("source", settings.sources, document, diagnostics);
    check_unique("dataset", settings.datasets, document, diagnostics);
    check_unique("uplink", settings.uplinks, document, diagnostics);
    check_unique("sum", settings.sums, document, diagnostics);
    check_unique("quantity", settings.quantities, document, diagnostics);
    DatasetCheck datasets{settings, document, diagnostics};
    datasets.check_references();
    check_sources(settings, document, diagnostics);
    check_serial_lines(settings, document, diagnostics);
    check_mappings(settings, document, diagnostics);
    check_sums(settings, document, diagnostics);
    check_uplinks(settings, document, diagnostics);
    check_contracts(settings, document, diagnostics);
    check_linger(settings, document, diagnostics);
    check_flash_budget(settings, document, diagnostics);
    check_status(settings, document, diagnostics);
    // What an error left out is not missing.
    if (diagnostics.has_errors()) return;
    check_privacy(settings, document, diagnostics);
    datasets.check_use();
    check_completeness(settings, diagnostics);
}

}  // namespace gateway::settings
