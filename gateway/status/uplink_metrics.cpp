#include "gateway/status/uplink_metrics.hpp"

namespace gateway::status {
namespace {

using Type = MetricsWriter::Type;

template <class Value>
void write_each(
    MetricsWriter& metrics, const observe::Report& report, const Figure& figure, Value value
) {
    metrics.family(figure.name, figure.type, figure.unit, figure.help);
    for (const auto& [name, uplink] : report.uplinks)
        metrics.sample({{"uplink", name}}, value(uplink));
}

void write_ledger(MetricsWriter& metrics, const observe::Report& report) {
    using Uplink = observe::UplinkReport;
    constexpr Figure kStored{
        "passerelle_uplink_readings_stored", Type::counter, "", "Stored readings it takes."};
    constexpr Figure kDelivered{
        "passerelle_uplink_readings_delivered", Type::counter, "", "Readings it confirmed."};
    constexpr Figure kEvicted{
        "passerelle_uplink_readings_evicted", Type::counter, "", "Readings given up unsent."};
    constexpr Figure kWaiting{
        "passerelle_uplink_readings_waiting", Type::gauge, "", "Readings still to be confirmed."};
    constexpr Figure kDead{
        "passerelle_uplink_readings_dead", Type::gauge, "", "Readings it refuses for good."};
    write_each(metrics, report, kStored, [](const Uplink& uplink) { return uplink.stored; });
    write_each(metrics, report, kDelivered, [](const Uplink& uplink) { return uplink.delivered; });
    write_each(metrics, report, kEvicted, [](const Uplink& uplink) { return uplink.evicted; });
    write_each(metrics, report, kWaiting, [](const Uplink& uplink) { return uplink.waiting; });
    write_each(metrics, report, kDead, [](const Uplink& uplink) { return uplink.dead; });
}

void write_link(MetricsWriter& metrics, const observe::Report& report) {
    using Uplink = observe::UplinkReport;
    constexpr Figure kConnected{
        "passerelle_uplink_connected", Type::gauge, "", "1 when the last sending was answered."};
    constexpr Figure kLag{
        "passerelle_uplink_lag_seconds",
        Type::gauge,
        "seconds",
        "Age of its oldest waiting reading."};
    constexpr Figure kBatches{
        "passerelle_uplink_batches", Type::counter, "", "Batches it confirmed."};
    constexpr Figure kRetries{
        "passerelle_uplink_retries", Type::counter, "", "Sendings that had to be made again."};
    constexpr Figure kBytes{
        "passerelle_uplink_sent_bytes", Type::counter, "bytes", "Bytes of batches sent to it."};
    constexpr Figure kWithheld{
        "passerelle_uplink_fields_withheld",
        Type::counter,
        "",
        "Fields that did not fit its contract's rule for them."};
    write_each(metrics, report, kConnected, [](const Uplink& uplink) {
        return uplink.connected ? 1 : 0;
    });
    write_each(metrics, report, kLag, [](const Uplink& uplink) { return uplink.lag_s; });
    write_each(metrics, report, kBatches, [](const Uplink& uplink) { return uplink.batches; });
    write_each(metrics, report, kRetries, [](const Uplink& uplink) { return uplink.retries; });
    write_each(metrics, report, kBytes, [](const Uplink& uplink) { return uplink.bytes_sent; });
    write_each(metrics, report, kWithheld, [](const Uplink& uplink) {
        return uplink.fields_withheld;
    });

    metrics.family(
        "passerelle_uplink_last_confirmed_timestamp_seconds",
        Type::gauge,
        "seconds",
        "When it last confirmed a batch."
    );
    for (const auto& [name, uplink] : report.uplinks) {
        if (uplink.last_confirmed)
            metrics.sample({{"uplink", name}}, to_seconds(*uplink.last_confirmed));
    }
}

void write_histograms(MetricsWriter& metrics, const observe::Report& report) {
    metrics.family(
        "passerelle_uplink_batch_readings", Type::histogram, "", "Readings of a confirmed batch."
    );
    for (const auto& [name, uplink] : report.uplinks)
        metrics.sample(Label{"uplink", name}, uplink.batch_readings);
    metrics.family(
        "passerelle_uplink_sending_seconds",
        Type::histogram,
        "seconds",
        "Time from a sending of a batch to its answer, or to when none was waited for any more."
    );
    for (const auto& [name, uplink] : report.uplinks)
        metrics.sample(Label{"uplink", name}, uplink.sending_seconds);
}

}  // namespace

void write_uplinks(MetricsWriter& metrics, const observe::Report& report) {
    write_ledger(metrics, report);
    write_link(metrics, report);
    write_histograms(metrics, report);
}

}  // namespace gateway::status
