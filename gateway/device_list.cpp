#include "gateway/device_list.hpp"

#include "gateway/anonymise/coarsen.hpp"
#include "gateway/anonymise/epoch.hpp"
#include "gateway/anonymise/reading_fields.hpp"

#include <algorithm>
#include <tuple>

namespace gateway {
namespace {

using std::chrono::seconds;

template <class Kind>
const Kind* rule_in(const settings::Dataset& dataset, std::string_view field) {
    const auto found = dataset.fields.find(std::string(field));
    return found == dataset.fields.end() ? nullptr : std::get_if<Kind>(&found->second);
}

std::map<std::string, std::uint64_t> by_cause(const auto& counts) {
    std::map<std::string, std::uint64_t> named;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] > 0) named.emplace(to_string(static_cast<model::Refusal>(i)), counts[i]);
    }
    return named;
}

// A time as its dataset's rule lets it be known.
struct Shown {
    std::optional<model::Instant> at;
    std::optional<std::int64_t> ago_s;
};

Shown shown(
    const std::optional<model::Instant>& stamp, seconds step, const runtime::WallClock& clock
) {
    if (!stamp) return {};
    auto date = clock.date(*stamp);
    if (step.count() > 0) date = anonymise::coarsened(date, step);
    const auto ago = std::chrono::floor<seconds>(clock.now() - date).count();
    return {
        clock.is_trusted() ? std::optional{date} : std::nullopt, std::max<std::int64_t>(ago, 0)};
}

}  // namespace

DeviceList::DeviceList(
    const settings::Settings& settings, const Pipeline& pipeline, const runtime::WallClock& clock
)
    : pipeline_(pipeline), clock_(clock) {
    for (const auto& dataset : settings.datasets) {
        Dataset known{dataset.name};
        if (const auto* rule = rule_in<settings::Pseudonym>(dataset, anonymise::kDeviceField))
            known.epoch = rule->epoch;
        if (const auto* rule = rule_in<settings::Coarsen>(dataset, anonymise::kTimeField))
            known.time_step = rule->step;
        datasets_.push_back(std::move(known));
    }
    for (const auto* quantity : pipeline.devices().vital_quantities())
        units_.push_back(quantity == nullptr ? std::string{} : quantity->unit);
}

observe::DevicesReport DeviceList::report(const observe::DeviceQuery& query) const {
    observe::DevicesReport report;
    std::vector<Entry> entries;
    pipeline_.devices().for_each([&](const Device& device) {
        const auto state = state_of(device);
        ++report.known;
        if (state == State::silent) ++report.silent;
        if (query.silent && state != State::silent) return;
        if (device.details->name.starts_with(query.search)) entries.push_back({device, state});
    });
    report.forgotten = pipeline_.devices().forgotten();
    report.matching = entries.size();
    const auto rank = [&](const Entry& entry) {
        const bool is_silent = entry.state == State::silent;
        const std::string_view name = entry.device.details->name;
        return std::tuple{
            name != query.search,
            !is_silent,
            is_silent ? entry.device.last_heard() : model::Instant{},
            name,
            entry.device.details->dataset};
    };
    const auto listed = std::min({query.limit, query.kListedMax, entries.size()});
    const auto end = entries.begin() + static_cast<std::ptrdiff_t>(listed);
    std::partial_sort(entries.begin(), end, entries.end(), [&](const auto& a, const auto& b) {
        return rank(a) < rank(b);
    });
    std::transform(entries.begin(), end, std::back_inserter(report.devices), [&](const auto& each) {
        return report_on(each);
    });
    report.unnamed = unnamed();
    return report;
}

std::uint64_t DeviceList::in_use() const {
    std::uint64_t count = 0;
    pipeline_.devices().for_each([&](const Device& device) {
        if (!is_renamed(device)) ++count;
    });
    return count;
}

DeviceList::State DeviceList::state_of(const Device& device) const {
    if (is_renamed(device)) return State::renamed;
    const auto interval = device.activity->interval.value();
    const runtime::WallClock::Duration patience =
        interval ? std::max<runtime::WallClock::Duration>(*interval * kIntervalsMissed, kOverdueMin)
                 : kOverdueUnknown;
    if (clock_.age(device.last_heard()) > patience) return State::silent;
    const bool is_refused = device.details->last_refused > device.activity->last_seen();
    return is_refused ? State::refused : State::heard;
}

// Names that an epoch's key made are nobody's when the epoch is over.
bool DeviceList::is_renamed(const Device& device) const {
    const Dataset& dataset = datasets_[device.details->dataset];
    if (dataset.epoch.count() == 0) return false;
    return anonymise::epoch_number(clock_.date(device.last_heard()), dataset.epoch) <
           anonymise::epoch_number(clock_.now(), dataset.epoch);
}

observe::DeviceReport DeviceList::report_on(const Entry& entry) const {
    const auto& activity = *entry.device.activity;
    const auto& details = *entry.device.details;
    const Dataset& dataset = datasets_[details.dataset];
    const auto seen = shown(activity.last_seen(), dataset.time_step, clock_);
    const auto refused = shown(details.last_refused, dataset.time_step, clock_);
    observe::DeviceReport report;
    report.name = details.name;
    report.dataset = dataset.name;
    report.source = pipeline_.source_name(activity.source);
    report.state = to_string(entry.state);
    report.readings = activity.readings;
    report.first_seen = shown(details.first_seen, dataset.time_step, clock_).at;
    report.last_seen = seen.at;
    report.last_seen_ago_s = seen.ago_s;
    report.last_refused = refused.at;
    report.last_refused_ago_s = refused.ago_s;
    if (const auto interval = activity.interval.value())
        report.interval_s = std::chrono::round<seconds>(*interval).count();
    if (entry.state == State::silent) report.silent_since = std::max(seen.at, refused.at);
    report.refused = by_cause(details.refused);
    for (std::size_t i = 0; i < observe::kVitals.size(); ++i) {
        if (const auto& value = details.vitals[i])
            report.vitals.push_back(
                {std::string(observe::kVitals[i]), model::to_string(*value), units_[i]}
            );
    }
    return report;
}

// A source that was exchanged goes on under its name.
std::vector<observe::UnnamedReport> DeviceList::unnamed() const {
    std::vector<observe::UnnamedReport> reports;
    for (std::size_t i = 0; i < pipeline_.sources(); ++i) {
        const auto source = static_cast<model::SourceId>(i);
        const auto refused = by_cause(pipeline_.figures(source).unnamed);
        if (refused.empty()) continue;
        const std::string& name = pipeline_.source_name(source);
        auto same = std::find_if(reports.begin(), reports.end(), [&](const auto& report) {
            return report.source == name;
        });
        if (same == reports.end()) same = reports.insert(same, {name, {}});
        for (const auto& [cause, count] : refused) same->refused[cause] += count;
    }
    return reports;
}

std::string_view DeviceList::to_string(State state) {
    switch (state) {
        case State::heard:
            return "heard";
        case State::silent:
            return "silent";
        case State::refused:
            return "refused";
        case State::renamed:
            return "renamed";
    }
    return {};
}

}  // namespace gateway
