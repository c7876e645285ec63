#include "gateway/status/json_report.hpp"

#include "gateway/status/json_writer.hpp"

namespace gateway::status {
namespace {

void write(JsonWriter& json, std::string_view name, const std::optional<model::Instant>& time) {
    json.key(name);
    if (time) {
        json.value(model::to_rfc3339(*time));
    } else {
        json.null();
    }
}

void write(
    JsonWriter& json, std::string_view name, const std::map<std::string, std::uint64_t>& counts
) {
    json.key(name);
    json.open_object();
    for (const auto& [cause, count] : counts) json.member(cause, count);
    json.close_object();
}

void write_problems(JsonWriter& json, const std::vector<observe::Problem>& problems) {
    json.key("problems");
    json.open_array();
    for (const observe::Problem& problem : problems) {
        json.open_object();
        json.member("code", problem.code);
        json.member("text", problem.text);
        json.member("since", model::to_rfc3339(problem.since));
        json.member("failing", problem.failing);
        json.close_object();
    }
    json.close_array();
}

void write_uplink(JsonWriter& json, const observe::UplinkReport& uplink) {
    json.open_object();
    json.member("stored", uplink.stored);
    json.member("delivered", uplink.delivered);
    json.member("waiting", uplink.waiting);
    json.member("dead", uplink.dead);
    json.member("evicted", uplink.evicted);
    json.member("lag_s", uplink.lag_s);
    json.member("connected", uplink.connected);
    json.member("detail", uplink.detail);
    write(json, "last_confirmed", uplink.last_confirmed);
    json.member("batches", uplink.batches);
    json.member("retries", uplink.retries);
    json.member("bytes_sent", uplink.bytes_sent);
    json.close_object();
}

void write_ledger(JsonWriter& json, const observe::Report& report) {
    json.key("ledger");
    json.open_object();
    json.member("received", report.received);
    json.member("stored", report.stored);
    write(json, "refused", report.refused);
    write(json, "evicted", report.evicted);
    json.key("uplinks");
    json.open_object();
    for (const auto& [name, uplink] : report.uplinks) {
        json.key(name);
        write_uplink(json, uplink);
    }
    json.close_object();
    json.close_object();
}

void write_sources(JsonWriter& json, const std::vector<observe::SourceReport>& sources) {
    json.key("sources");
    json.open_array();
    for (const observe::SourceReport& source : sources) {
        json.open_object();
        json.member("name", source.name);
        json.member("driver", source.driver);
        json.member("dataset", source.dataset);
        json.member("connected", source.connected);
        json.member("detail", source.detail);
        json.member("frames", source.frames);
        json.member("stored", source.stored);
        json.member("refused", source.refused);
        write(json, "last_frame", source.last_frame);
        json.member("connections", source.connections);
        write(json, "turned_away", source.turned_away);
        json.close_object();
    }
    json.close_array();
}

void write_buffer(JsonWriter& json, const observe::BufferReport& buffer) {
    json.key("buffer");
    json.open_object();
    json.member("able_to_store", buffer.able_to_store);
    json.member("bytes", buffer.bytes);
    json.member("size_max", buffer.size_max);
    write(json, "oldest", buffer.oldest);
    json.member("segments", buffer.segments);
    json.member("bytes_written", buffer.bytes_written);
    json.member("commits", buffer.commits);
    json.key("full_in_s");
    if (buffer.full_in_s) {
        json.value(*buffer.full_in_s);
    } else {
        json.null();
    }
    json.close_object();
}

void write_clock(JsonWriter& json, const observe::ClockReport& clock) {
    json.key("clock");
    json.open_object();
    json.member("now", model::to_rfc3339(clock.now));
    json.member("synchronised", clock.synchronised);
    json.close_object();
}

}  // namespace

std::string to_json(const observe::Report& report) {
    JsonWriter json;
    json.open_object();
    json.member("gateway", report.gateway);
    json.member("city", report.city);
    json.member("version", report.version);
    json.member("uptime_s", report.uptime_s);
    json.member("state", report.state());
    write_problems(json, report.problems);
    write_ledger(json, report);
    json.member("fields_dropped", report.fields_dropped);
    write_sources(json, report.sources);
    write_buffer(json, report.buffer);
    write_clock(json, report.clock);
    json.member("devices", report.devices);
    json.close_object();
    return json.take();
}

}  // namespace gateway::status
