#include "gateway/status/json_report.hpp"

#include "gateway/observe/report_members.hpp"
#include "gateway/status/json_firmware.hpp"
#include "gateway/status/json_members.hpp"
#include "gateway/status/json_writer.hpp"

namespace gateway::status {
namespace {

void write_problems(JsonWriter& json, const std::vector<observe::Problem>& problems) {
    json.key("problems");
    json.open_array();
    for (const observe::Problem& problem : problems)
        write_object(json, [&](auto member) { observe::visit_problem(problem, member); });
    json.close_array();
}

void write_quarantine(JsonWriter& json, const std::optional<observe::QuarantineReport>& report) {
    json.key("quarantine");
    if (!report) return json.null();
    write_object(json, [&](auto member) { observe::visit_quarantine(*report, member); });
}

void write_ledger(JsonWriter& json, const observe::Report& report) {
    json.key("ledger");
    if (!report.running) return json.null();
    json.open_object();
    json.member("received", report.received);
    json.member("stored", report.stored);
    write_member(json, "refused", report.refused);
    write_member(json, "evicted", report.evicted);
    json.key("uplinks");
    json.open_object();
    for (const auto& [name, uplink] : report.uplinks) {
        json.key(name);
        write_object(json, [&part = uplink](auto member) { observe::visit_uplink(part, member); });
    }
    json.close_object();
    json.close_object();
}

void write_buffer(JsonWriter& json, const observe::Report& report) {
    json.key("buffer");
    if (!report.running) return json.null();
    write_object(json, [&](auto member) { observe::visit_buffer(report.buffer, member); });
}

void write_sources(JsonWriter& json, const std::vector<observe::SourceReport>& sources) {
    json.key("sources");
    json.open_array();
    for (const observe::SourceReport& source : sources)
        write_object(json, [&](auto member) { observe::visit_source(source, member); });
    json.close_array();
}

void write_sums(JsonWriter& json, const std::vector<observe::SumReport>& sums) {
    json.key("sums");
    json.open_array();
    for (const observe::SumReport& sum : sums)
        write_object(json, [&](auto member) { observe::visit_sum(sum, member); });
    json.close_array();
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
    json.member("running", report.running);
    write_problems(json, report.problems);
    write_ledger(json, report);
    json.member("fields_dropped", report.fields_dropped);
    write_sources(json, report.sources);
    write_sums(json, report.sums);
    write_buffer(json, report);
    json.key("clock");
    write_object(json, [&](auto member) { observe::visit_clock(report.clock, member); });
    write_quarantine(json, report.quarantine);
    json.member("devices", report.devices);
    json.member("consents", report.consents);
    json.member("restrictions", report.restrictions);
    if (report.firmware) {
        json.key("firmware");
        json.object(to_json(*report.firmware));
    }
    json.close_object();
    return json.take();
}

}  // namespace gateway::status
