#include "gateway/status/open_metrics.hpp"

#include "gateway/status/firmware_metrics.hpp"
#include "gateway/status/metrics_writer.hpp"
#include "gateway/status/uplink_metrics.hpp"

#include <map>
#include <string>

namespace gateway::status {
namespace {

using Type = MetricsWriter::Type;

void write_gateway(MetricsWriter& metrics, const observe::Report& report) {
    metrics.family("passerelle_build", Type::info, "", "The program and the gateway it runs as.");
    metrics.sample({{"version", report.version}, {"gateway", report.gateway}}, 1);

    metrics.family("passerelle_uptime_seconds", Type::gauge, "seconds", "Time since the start.");
    metrics.sample({}, report.uptime_s);

    metrics.family("passerelle_state", Type::stateset, "", "Whether the gateway does its work.");
    for (const std::string_view state : {"ok", "degraded", "failing"})
        metrics.sample({{"passerelle_state", state}}, report.state() == state ? 1 : 0);

    metrics.family("passerelle_problem", Type::gauge, "", "1 for every problem there is now.");
    for (const observe::Problem& problem : report.problems) {
        const std::string_view severity = problem.failing ? "failing" : "degraded";
        metrics.sample({{"code", problem.code}, {"severity", severity}}, 1);
    }

    metrics.family("passerelle_devices", Type::gauge, "", "Devices heard since the start.");
    metrics.sample({}, report.devices);

    metrics.family("passerelle_consents", Type::gauge, "", "Consents in force.");
    metrics.sample({}, report.consents);

    metrics.family("passerelle_restrictions", Type::gauge, "", "Persons that are not stored.");
    metrics.sample({}, report.restrictions);

    metrics.family(
        "passerelle_clock_synchronised", Type::gauge, "", "1 when the system clock is synchronised."
    );
    metrics.sample({}, report.clock.synchronised ? 1 : 0);
}

void write_clock(MetricsWriter& metrics, const observe::ClockReport& clock) {
    metrics.family(
        "passerelle_clock_trusted", Type::gauge, "", "1 when the gateway knows the date."
    );
    metrics.sample({}, clock.trusted ? 1 : 0);
}

void write_dates(MetricsWriter& metrics, const observe::ClockReport& clock) {
    metrics.family(
        "passerelle_readings_undated",
        Type::counter,
        "",
        "Readings stored while the date was not known, to be dated later."
    );
    metrics.sample({}, clock.undated);

    metrics.family(
        "passerelle_readings_dated",
        Type::counter,
        "",
        "Such readings sent since, by the quality of their time."
    );
    metrics.sample({{"quality", "corrected"}}, clock.corrected);
    metrics.sample({{"quality", "uncertain"}}, clock.uncertain);
}

void write_ledger(MetricsWriter& metrics, const observe::Report& report) {
    metrics.family(
        "passerelle_readings_received", Type::counter, "", "Readings that reached the door."
    );
    metrics.sample({}, report.received);

    metrics.family(
        "passerelle_readings_stored", Type::counter, "", "Readings committed to the buffer."
    );
    metrics.sample({}, report.stored);

    metrics.family(
        "passerelle_readings_refused", Type::counter, "", "Readings not stored, by cause."
    );
    for (const auto& [cause, count] : report.refused) metrics.sample({{"cause", cause}}, count);

    metrics.family(
        "passerelle_readings_evicted",
        Type::counter,
        "",
        "Stored readings given up before every uplink had them, by cause."
    );
    for (const auto& [cause, count] : report.evicted) metrics.sample({{"cause", cause}}, count);

    metrics.family(
        "passerelle_fields_dropped", Type::counter, "", "Fields that no rule lets pass."
    );
    metrics.sample({}, report.fields_dropped);
}

template <class Value>
void write_sources(
    MetricsWriter& metrics, const observe::Report& report, const Figure& figure, Value value
) {
    metrics.family(figure.name, figure.type, figure.unit, figure.help);
    for (const observe::SourceReport& source : report.sources)
        metrics.sample({{"source", source.name}}, value(source));
}

void write_sources(MetricsWriter& metrics, const observe::Report& report) {
    using Source = observe::SourceReport;
    metrics.family("passerelle_source", Type::info, "", "The ways in.");
    for (const Source& source : report.sources) {
        metrics.sample(
            {{"source", source.name}, {"driver", source.driver}, {"dataset", source.dataset}}, 1
        );
    }
    constexpr Figure kConnected{
        "passerelle_source_connected", Type::gauge, "", "1 when the source can receive."};
    constexpr Figure kFrames{"passerelle_source_frames", Type::counter, "", "Frames it received."};
    constexpr Figure kStored{
        "passerelle_source_readings_stored", Type::counter, "", "Its readings that were stored."};
    constexpr Figure kRefused{
        "passerelle_source_readings_refused", Type::counter, "", "Its readings that were refused."};
    write_sources(metrics, report, kConnected, [](const Source& source) {
        return source.connected ? 1 : 0;
    });
    write_sources(metrics, report, kFrames, [](const Source& source) { return source.frames; });
    write_sources(metrics, report, kStored, [](const Source& source) { return source.stored; });
    write_sources(metrics, report, kRefused, [](const Source& source) { return source.refused; });

    constexpr Figure kConnections{
        "passerelle_source_connections", Type::gauge, "", "Devices connected to it."};
    write_sources(metrics, report, kConnections, [](const Source& source) {
        return source.connections;
    });
    metrics.family(
        "passerelle_source_turned_away", Type::counter, "", "Connections it ended, by cause."
    );
    for (const Source& source : report.sources) {
        for (const auto& [cause, count] : source.turned_away)
            metrics.sample({{"source", source.name}, {"cause", cause}}, count);
    }

    metrics.family(
        "passerelle_source_node_readings_lost",
        Type::counter,
        "",
        "Readings that its nodes had no room for, by the node's address."
    );
    for (const Source& source : report.sources) {
        for (const auto& [address, count] : source.lost_at_nodes)
            metrics.sample({{"source", source.name}, {"address", address}}, count);
    }

    metrics.family(
        "passerelle_source_last_frame_timestamp_seconds",
        Type::gauge,
        "seconds",
        "When its last frame came."
    );
    for (const Source& source : report.sources) {
        if (source.last_frame)
            metrics.sample({{"source", source.name}}, to_seconds(*source.last_frame));
    }
}

// Of this run; a dataset's sources and what waits of it.
void write_datasets(MetricsWriter& metrics, const observe::Report& report) {
    std::map<std::string, std::uint64_t> stored;
    std::map<std::string, std::uint64_t> refused;
    for (const observe::SourceReport& source : report.sources) {
        stored[source.dataset] += source.stored;
        refused[source.dataset] += source.refused;
    }
    metrics.family(
        "passerelle_dataset_readings_stored", Type::counter, "", "Its readings that were stored."
    );
    for (const auto& [name, count] : stored) metrics.sample({{"dataset", name}}, count);
    metrics.family(
        "passerelle_dataset_readings_refused", Type::counter, "", "Its readings that were refused."
    );
    for (const auto& [name, count] : refused) metrics.sample({{"dataset", name}}, count);
    metrics.family(
        "passerelle_dataset_readings_waiting",
        Type::gauge,
        "",
        "Its readings still to be confirmed, by uplink."
    );
    for (const auto& [uplink, figures] : report.uplinks) {
        for (const auto& [name, count] : figures.waiting_in)
            metrics.sample({{"dataset", name}, {"uplink", uplink}}, count);
    }
}

void write_sums(MetricsWriter& metrics, const observe::Report& report) {
    metrics.family("passerelle_sum_releases", Type::counter, "", "Windows of it released.");
    for (const auto& sum : report.sums) metrics.sample({{"sum", sum.name}}, sum.releases);
    metrics.family(
        "passerelle_sum_readings", Type::counter, "", "Readings taken into a window, or why not."
    );
    for (const auto& sum : report.sums) {
        metrics.sample({{"sum", sum.name}, {"outcome", "taken"}}, sum.taken);
        for (const auto& [cause, count] : sum.left_out)
            metrics.sample({{"sum", sum.name}, {"outcome", cause}}, count);
    }
    metrics.family(
        "passerelle_sum_suppressed", Type::counter, "", "Sums that were not released, by cause."
    );
    for (const auto& sum : report.sums) {
        for (const auto& [cause, count] : sum.suppressed)
            metrics.sample({{"sum", sum.name}, {"cause", cause}}, count);
    }
}

void write_commits(MetricsWriter& metrics, const observe::BufferReport& buffer) {
    metrics.family("passerelle_buffer_commits", Type::counter, "", "Commits to the disk.");
    metrics.sample({}, buffer.commits);
    metrics.family(
        "passerelle_buffer_commit_seconds",
        Type::histogram,
        "seconds",
        "Time of a commit of readings, from handing it over to the answer."
    );
    metrics.sample(Label{}, buffer.commit_seconds);
    metrics.family(
        "passerelle_buffer_commit_readings", Type::histogram, "", "Readings in such a commit."
    );
    metrics.sample(Label{}, buffer.commit_readings);
}

void write_buffer(MetricsWriter& metrics, const observe::BufferReport& buffer) {
    const auto gauge = [&metrics](std::string_view name, std::string_view help, auto value) {
        const bool is_bytes = name.ends_with("_bytes");
        const bool is_seconds = name.ends_with("_seconds");
        const std::string_view unit = is_bytes ? "bytes" : is_seconds ? "seconds" : "";
        metrics.family(name, Type::gauge, unit, help);
        metrics.sample({}, value);
    };
    const int able = buffer.able_to_store ? 1 : 0;
    gauge("passerelle_buffer_able_to_store", "1 when readings can be stored.", able);
    gauge("passerelle_buffer_size_bytes", "Size of the buffer on the disk.", buffer.bytes);
    gauge("passerelle_buffer_size_max_bytes", "Bound of that size.", buffer.size_max);
    gauge("passerelle_buffer_segments", "Segments in the buffer.", buffer.segments);
    if (buffer.oldest) {
        const auto oldest = to_seconds(*buffer.oldest);
        gauge("passerelle_buffer_oldest_timestamp_seconds", "Its oldest reading.", oldest);
    }
    metrics.family(
        "passerelle_buffer_written_bytes", Type::counter, "bytes", "Bytes written to the disk."
    );
    metrics.sample({}, buffer.bytes_written);
    const auto gauge_if = [&](std::string_view name, std::string_view help, const auto& value) {
        if (value) gauge(name, help, *value);
    };
    gauge_if(
        "passerelle_buffer_full_in_seconds",
        "Time until it is full, at the present rate.",
        buffer.full_in_s
    );
    gauge_if(
        "passerelle_buffer_empty_in_seconds",
        "Time until nothing waits any more, at the present rate.",
        buffer.empty_in_s
    );
    gauge_if(
        "passerelle_buffer_written_per_reading_bytes",
        "Bytes written to the disk per stored reading, since the start.",
        buffer.bytes_per_reading
    );
    gauge_if(
        "passerelle_buffer_written_per_day_bytes",
        "Bytes written to the disk in a day, at the rate since the start.",
        buffer.bytes_per_day
    );
    gauge_if(
        "passerelle_buffer_flash_budget_per_day_bytes",
        "Bytes that commits may write in a day.",
        buffer.flash_budget_per_day
    );
}

void write_quarantine(MetricsWriter& metrics, const observe::QuarantineReport& quarantine) {
    const auto figure =
        [&metrics](std::string_view name, Type type, std::string_view help, auto value) {
            metrics.family(name, type, name.ends_with("_bytes") ? "bytes" : "", help);
            metrics.sample({}, value);
        };
    const auto& has = quarantine;
    figure("passerelle_quarantine_records", Type::gauge, "Sealed records kept.", has.records);
    figure("passerelle_quarantine_size_bytes", Type::gauge, "Their size.", has.bytes);
    figure("passerelle_quarantine_size_max_bytes", Type::gauge, "Its bound.", has.size_max);
    figure("passerelle_quarantine_sealed", Type::counter, "Records written.", has.sealed);
    figure("passerelle_quarantine_expired", Type::counter, "Records that aged out.", has.expired);
    figure("passerelle_quarantine_damaged", Type::gauge, "Damaged places.", has.damaged);
    metrics.family("passerelle_quarantine_lost", Type::counter, "", "Records not kept, by cause.");
    for (const auto& [cause, count] : quarantine.lost) metrics.sample({{"cause", cause}}, count);
}

void write_process(MetricsWriter& metrics, const observe::ProcessFigures& process) {
    metrics.family(
        "process_resident_memory_bytes", Type::gauge, "bytes", "Memory of the process in RAM."
    );
    metrics.sample({}, process.resident_bytes);
    metrics.family("process_cpu_seconds", Type::counter, "seconds", "CPU time used.");
    metrics.sample({}, process.cpu_seconds);
    metrics.family("process_open_fds", Type::gauge, "", "Open file descriptors.");
    metrics.sample({}, process.open_files);
    metrics.family("process_max_fds", Type::gauge, "", "Most descriptors that may be open.");
    metrics.sample({}, process.open_files_max);
    metrics.family("process_virtual_memory_bytes", Type::gauge, "bytes", "Address space in use.");
    metrics.sample({}, process.virtual_bytes);
    metrics.family("process_threads", Type::gauge, "", "Threads of the process.");
    metrics.sample({}, process.threads);
    metrics.family("process_start_time_seconds", Type::gauge, "seconds", "When it was started.");
    metrics.sample({}, process.started);
}

void write_work(MetricsWriter& metrics, const observe::Report& report) {
    write_dates(metrics, report.clock);
    write_ledger(metrics, report);
    write_uplinks(metrics, report);
    write_sources(metrics, report);
    write_datasets(metrics, report);
    if (!report.sums.empty()) write_sums(metrics, report);
    write_buffer(metrics, report.buffer);
    write_commits(metrics, report.buffer);
    if (report.quarantine) write_quarantine(metrics, *report.quarantine);
    if (report.firmware) write_firmware(metrics, *report.firmware);
}

}  // namespace

std::string to_open_metrics(const observe::Report& report, const observe::ProcessFigures& process) {
    MetricsWriter metrics;
    write_gateway(metrics, report);
    write_clock(metrics, report.clock);
    // Counters of a gateway that stands still would seem to begin anew.
    if (report.running) write_work(metrics, report);
    write_process(metrics, process);
    return metrics.finish();
}

}  // namespace gateway::status
