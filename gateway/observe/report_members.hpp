#pragma once
#include "gateway/observe/device_report.hpp"
#include "gateway/observe/firmware_report.hpp"
#include "gateway/observe/report.hpp"

namespace gateway::observe {

// The members of a report's parts under the names they have in the JSON of /status and /devices, in
// its order. Histograms are for metrics alone. What writes them and what reads them go by these
// lists, so that the names stand once. Each calls `visit(name, member)`; the part may be const.

template <class Part, class Visit>
void visit_problem(Part& problem, Visit visit) {
    visit("code", problem.code);
    visit("text", problem.text);
    visit("since", problem.since);
    visit("failing", problem.failing);
}

template <class Part, class Visit>
void visit_uplink(Part& uplink, Visit visit) {
    visit("stored", uplink.stored);
    visit("delivered", uplink.delivered);
    visit("waiting", uplink.waiting);
    visit("waiting_in", uplink.waiting_in);
    visit("dead", uplink.dead);
    visit("evicted", uplink.evicted);
    visit("lag_s", uplink.lag_s);
    visit("connected", uplink.connected);
    visit("detail", uplink.detail);
    visit("last_confirmed", uplink.last_confirmed);
    visit("batches", uplink.batches);
    visit("retries", uplink.retries);
    visit("bytes_sent", uplink.bytes_sent);
    visit("fields_withheld", uplink.fields_withheld);
    visit("erasures", uplink.erasures);
}

template <class Part, class Visit>
void visit_source(Part& source, Visit visit) {
    visit("name", source.name);
    visit("driver", source.driver);
    visit("dataset", source.dataset);
    visit("connected", source.connected);
    visit("detail", source.detail);
    visit("frames", source.frames);
    visit("stored", source.stored);
    visit("refused", source.refused);
    visit("last_frame", source.last_frame);
    visit("connections", source.connections);
    visit("turned_away", source.turned_away);
    visit("lost_at_nodes", source.lost_at_nodes);
}

template <class Part, class Visit>
void visit_sum(Part& sum, Visit visit) {
    visit("name", sum.name);
    visit("from", sum.from);
    visit("into", sum.into);
    visit("releases", sum.releases);
    visit("open_windows", sum.open_windows);
    visit("taken", sum.taken);
    visit("waiting", sum.waiting);
    visit("left_out", sum.left_out);
    visit("suppressed", sum.suppressed);
}

template <class Part, class Visit>
void visit_buffer(Part& buffer, Visit visit) {
    visit("able_to_store", buffer.able_to_store);
    visit("bytes", buffer.bytes);
    visit("size_max", buffer.size_max);
    visit("oldest", buffer.oldest);
    visit("segments", buffer.segments);
    visit("bytes_written", buffer.bytes_written);
    visit("commits", buffer.commits);
    visit("full_in_s", buffer.full_in_s);
    visit("empty_in_s", buffer.empty_in_s);
    visit("bytes_per_reading", buffer.bytes_per_reading);
    visit("bytes_per_day", buffer.bytes_per_day);
    visit("flash_budget_per_day", buffer.flash_budget_per_day);
}

template <class Part, class Visit>
void visit_clock(Part& clock, Visit visit) {
    visit("now", clock.now);
    visit("system", clock.system);
    visit("synchronised", clock.synchronised);
    visit("trusted", clock.trusted);
    visit("source", clock.source);
    visit("floor", clock.floor);
    visit("boot", clock.boot);
    visit("undated", clock.undated);
    visit("corrected", clock.corrected);
    visit("uncertain", clock.uncertain);
}

template <class Part, class Visit>
void visit_quarantine(Part& quarantine, Visit visit) {
    visit("records", quarantine.records);
    visit("bytes", quarantine.bytes);
    visit("size_max", quarantine.size_max);
    visit("sealed", quarantine.sealed);
    visit("expired", quarantine.expired);
    visit("damaged", quarantine.damaged);
    visit("lost", quarantine.lost);
}

template <class Part, class Visit>
void visit_device(Part& device, Visit visit) {
    visit("name", device.name);
    visit("dataset", device.dataset);
    visit("source", device.source);
    visit("state", device.state);
    visit("readings", device.readings);
    visit("first_seen", device.first_seen);
    visit("last_seen", device.last_seen);
    visit("last_seen_ago_s", device.last_seen_ago_s);
    visit("interval_s", device.interval_s);
    visit("silent_since", device.silent_since);
    visit("last_refused", device.last_refused);
    visit("last_refused_ago_s", device.last_refused_ago_s);
    visit("refused", device.refused);
}

template <class Part, class Visit>
void visit_unnamed(Part& unnamed, Visit visit) {
    visit("source", unnamed.source);
    visit("refused", unnamed.refused);
}

// But for the lists in it.
template <class Part, class Visit>
void visit_devices(Part& devices, Visit visit) {
    visit("uptime_s", devices.uptime_s);
    visit("known", devices.known);
    visit("silent", devices.silent);
    visit("forgotten", devices.forgotten);
    visit("matching", devices.matching);
}

template <class Part, class Visit>
void visit_firmware_update(Part& update, Visit visit) {
    visit("number", update.number);
    visit("vendor", update.vendor);
    visit("device_class", update.device_class);
    visit("sequence", update.sequence);
    visit("is_settings", update.is_settings);
    visit("is_for_one", update.is_for_one);
    visit("size", update.size);
    visit("reporting_interval_s", update.reporting_interval_s);
    visit("expires", update.expires);
    visit("state", update.state);
    visit("stage", update.stage);
    visit("up_to", update.up_to);
    visit("why", update.why);
    visit("devices", update.devices);
    visit("by_state", update.by_state);
}

template <class Part, class Visit>
void visit_firmware_device(Part& device, Visit visit) {
    visit("source", device.source);
    visit("label", device.label);
    visit("name", device.name);
    visit("vendor", device.vendor);
    visit("device_class", device.device_class);
    visit("firmware", device.firmware);
    visit("settings", device.settings);
    visit("update", device.update);
    visit("state", device.state);
    visit("cause", device.cause);
    visit("offset", device.offset);
    visit("heard_s", device.heard_s);
}

}  // namespace gateway::observe
