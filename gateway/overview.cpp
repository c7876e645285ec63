#include "gateway/overview.hpp"

#include "gateway/cli/charter.hpp"
#include "gateway/cli/configuration.hpp"
#include "gateway/cli/document.hpp"
#include "gateway/cli/processing_record.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/quarantine_report.hpp"
#include "gateway/store_problems.hpp"
#include "gateway/sum_source.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace gateway {
namespace {

using language::tr;
using std::chrono::seconds;

constexpr seconds kGrowthInterval{10};
constexpr double kGrowthWeight = 0.3;    // of the newest interval, so that one burst does not alarm
constexpr std::size_t kBootIdShown = 8;  // tells two boots apart
constexpr seconds kWearInterval{60};     // a shorter time says nothing about a day
constexpr double kSecondsPerDay = 86400;

std::string_view driver_name(const settings::Source& source) {
    struct Name {
        std::string_view operator()(const settings::MqttClient&) const { return "mqtt"; }
        std::string_view operator()(const settings::MqttListener&) const { return "mqtt-listener"; }
        std::string_view operator()(const settings::CoapServer&) const { return "coap"; }
        std::string_view operator()(const settings::SerialPort&) const { return "serial"; }
        std::string_view operator()(const settings::Simulator&) const { return "simulator"; }
        std::string_view operator()(const settings::Replay&) const { return "replay"; }
    };
    return std::visit(Name{}, source.driver);
}

// Only causes that occurred.
template <class Cause, std::size_t count>
std::map<std::string, std::uint64_t> by_cause(const std::array<std::uint64_t, count>& counts) {
    std::map<std::string, std::uint64_t> named;
    for (std::size_t i = 0; i < count; ++i) {
        if (counts[i] > 0) named.emplace(to_string(static_cast<Cause>(i)), counts[i]);
    }
    return named;
}

}  // namespace

Overview::Overview(
    const settings::Settings& settings, Parts parts, observe::Log& log, const Timekeeper& timekeeper
)
    : settings_(settings),
      parts_(parts),
      timekeeper_(timekeeper),
      clock_(timekeeper.clock()),
      devices_(with_sums(settings), parts.pipeline, clock_),
      problems_(log, clock_),
      notice_(make_notice(settings)),
      started_(clock_.since_boot()),
      stored_before_(parts.outbox.ledger().stored) {
    growth_ = {started_, parts_.outbox.figures().bytes, 0};
    room_.refused = refused_for_room();
    raise_store_problems(parts_.outbox.notices(), problems_);
}

std::uint64_t Overview::refused_for_room() const {
    constexpr auto kCause = static_cast<std::size_t>(model::Refusal::buffer_full);
    return parts_.outbox.ledger().refused[kCause];
}

std::string Overview::make_notice(const settings::Settings& settings) {
    return cli::document_page(cli::charter(cli::make_record(settings, cli::spoken_language())));
}

observe::Report Overview::report() const {
    observe::Report report;
    report.gateway = settings_.gateway.id;
    report.city = settings_.gateway.city;
    report.version = PASSERELLE_VERSION;
    report.uptime_s = uptime_s();
    report.problems = problems_.list();
    const auto& ledger = parts_.outbox.ledger();
    report.received = ledger.received();
    report.stored = ledger.stored;
    report.refused = by_cause<model::Refusal>(ledger.refused);
    report.evicted = by_cause<buffer::Eviction>(ledger.evicted);
    report.fields_dropped = parts_.pipeline.fields_dropped();
    for (std::size_t i = 0; i < settings_.uplinks.size(); ++i) {
        report.uplinks.emplace(settings_.uplinks[i].name, uplink_report(i));
    }
    for (std::size_t i = 0; i < settings_.sources.size(); ++i)
        report.sources.push_back(source_report(i));
    for (std::size_t i = 0; i < settings_.sums.size(); ++i) report.sums.push_back(sum_report(i));
    report.buffer = buffer_report();
    report.clock = clock_report();
    report.devices = devices_.in_use();
    report.consents = parts_.gate.consents();
    report.restrictions = parts_.gate.restrictions();
    if (parts_.vault != nullptr)
        report.quarantine = quarantine_report(*parts_.vault, settings_.privacy.quarantine);
    return report;
}

std::optional<observe::FirmwareReport> Overview::firmware() const {
    if (parts_.firmware == nullptr) return std::nullopt;
    return parts_.firmware->report();
}

observe::DevicesReport Overview::devices(const observe::DeviceQuery& query) const {
    auto report = devices_.report(query);
    report.uptime_s = uptime_s();
    return report;
}

std::int64_t Overview::uptime_s() const {
    return std::chrono::floor<seconds>(clock_.since_boot() - started_).count();
}

observe::SourceReport Overview::source_report(std::size_t position) const {
    const auto& source = settings_.sources[position];
    const WayIn& way = *parts_.ways_in.list()[position];
    const auto& figures = parts_.pipeline.figures(way.id);
    const auto state = way.driver->state();
    observe::SourceReport report;
    report.name = source.name;
    report.driver = driver_name(source);
    report.dataset = source.dataset;
    report.connected = state.connected;
    report.detail = state.detail;
    report.frames = figures.frames;
    report.stored = figures.stored;
    report.refused = figures.refused;
    report.last_frame = dated(figures.last_frame);
    report.connections = state.connections;
    report.turned_away = state.turned_away;
    report.lost_at_nodes = state.lost_at_nodes;
    return report;
}

observe::SumReport Overview::sum_report(std::size_t position) const {
    using aggregate::Count;
    const auto& sum = settings_.sums[position];
    const SumFigures figures = parts_.sums.figures(position);
    observe::SumReport report;
    report.name = sum.name;
    report.from = sum.from;
    report.into = sum.into;
    report.open_windows = figures.open_windows;
    report.waiting = figures.waiting;
    report.releases = figures.counts[Count::releases];
    report.taken = figures.counts[Count::taken];
    report.left_out = by_cause<Count>(figures.counts.counts);
    for (const Count told : {Count::taken, Count::corrected, Count::releases})
        report.left_out.erase(std::string(to_string(told)));
    report.suppressed = by_cause<aggregate::Suppression>(figures.counts.suppressed);
    return report;
}

observe::UplinkReport Overview::uplink_report(std::size_t position) const {
    const auto& name = settings_.uplinks[position].name;
    const auto& way_out = parts_.ways_out.list()[position];
    const auto& state = way_out.forwarder->state();
    observe::UplinkReport report;
    if (const auto counts = parts_.outbox.ledger().uplinks.find(name);
        counts != parts_.outbox.ledger().uplinks.end()) {
        report.delivered = counts->second.delivered;
        report.waiting = counts->second.waiting();
        report.dead = counts->second.dead;
        report.evicted = counts->second.evicted_total();
        report.stored = counts->second.stored;
    }
    report.lag_s = lag_s(way_out);
    for (const auto* queue : way_out.queues) {
        const auto waiting = queue->waiting().readings;
        if (waiting > 0) report.waiting_in[queue->dataset()] += waiting;
    }
    report.batch_readings = state.batch_readings;
    report.sending_seconds = state.sending_seconds;
    report.connected = state.connected;
    report.detail = tr(state.detail.c_str());
    report.last_confirmed = dated(state.last_confirmed);
    report.batches = state.batches;
    report.retries = state.retries;
    report.bytes_sent = state.bytes_sent;
    report.fields_withheld = state.fields_withheld;
    report.erasures = parts_.outbox.erasures_waiting(static_cast<buffer::UplinkId>(position));
    return report;
}

// The age of what waits longest.
std::int64_t Overview::lag_s(const WayOut& way_out) const {
    std::int64_t lag = 0;
    for (const auto* queue : way_out.queues) {
        const auto waiting = queue->waiting();
        if (waiting.readings == 0 || !waiting.oldest_stored_at) continue;
        const auto age = clock_.age(*waiting.oldest_stored_at);
        lag = std::max(lag, std::chrono::floor<seconds>(age).count());
    }
    return lag;
}

observe::BufferReport Overview::buffer_report() const {
    const auto& figures = parts_.outbox.figures();
    observe::BufferReport report;
    report.bytes = figures.bytes;
    report.size_max = figures.size_max;
    report.segments = figures.segments;
    report.bytes_written = figures.bytes_written;
    report.commits = figures.commits;
    report.oldest = dated(figures.oldest);
    report.able_to_store = parts_.outbox.able_to_store();
    report.commit_seconds = parts_.outbox.commits().seconds;
    report.commit_readings = parts_.outbox.commits().readings;
    if (growth_.bytes_per_second >= 1 && figures.bytes < figures.size_max) {
        const auto room = static_cast<double>(figures.size_max - figures.bytes);
        report.full_in_s = static_cast<std::int64_t>(room / growth_.bytes_per_second);
    }
    if (const auto empty_in = parts_.history.empty_in()) report.empty_in_s = empty_in->count();
    report_wear(report);
    return report;
}

observe::ClockReport Overview::clock_report() const {
    const auto& figures = parts_.outbox.figures();
    observe::ClockReport report;
    report.now = clock_.now();
    report.system = clock_.system_now();
    report.floor = clock_.floor();
    report.synchronised = clock_.is_synchronised();
    report.trusted = clock_.is_trusted();
    report.source = clock_.source();
    report.boot = clock_.boot_id().substr(0, kBootIdShown);
    report.undated = parts_.pipeline.undated();
    report.corrected = figures.corrected;
    report.uncertain = figures.uncertain;
    return report;
}

std::optional<model::Instant> Overview::dated(const std::optional<model::Instant>& stamp) const {
    if (!stamp) return std::nullopt;
    return clock_.date(*stamp);
}

void Overview::report_wear(observe::BufferReport& report) const {
    const std::uint64_t readings = parts_.outbox.ledger().stored - stored_before_;
    if (readings > 0) report.bytes_per_reading = report.bytes_written / readings;
    const auto elapsed = clock_.since_boot() - started_;
    if (elapsed >= kWearInterval) {
        const std::chrono::duration<double> seconds = elapsed;
        const double rate = static_cast<double>(report.bytes_written) / seconds.count();
        report.bytes_per_day = static_cast<std::uint64_t>(rate * kSecondsPerDay);
    }
    const auto& buffer = settings_.buffer;
    if (!buffer.linger) report.flash_budget_per_day = buffer.flash_budget_per_day;
}

void Overview::measure_growth() {
    const auto now = clock_.since_boot();
    const auto elapsed = now - growth_.at;
    if (elapsed < kGrowthInterval) return;
    const auto bytes = parts_.outbox.figures().bytes;
    const double change = static_cast<double>(bytes) - static_cast<double>(growth_.bytes);
    const double rate = change / std::chrono::duration<double>(elapsed).count();
    growth_.bytes_per_second += kGrowthWeight * (rate - growth_.bytes_per_second);
    growth_.at = now;
    growth_.bytes = bytes;
}

}  // namespace gateway
