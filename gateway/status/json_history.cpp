#include "gateway/status/json_history.hpp"

#include "gateway/status/json_writer.hpp"

namespace gateway::status {
namespace {

using observe::HistoryStep;
using Steps = std::vector<HistoryStep>;

template <class Value>
void write_column(JsonWriter& json, const char* name, const Steps& steps, Value value) {
    json.key(name);
    json.open_array();
    for (const HistoryStep& step : steps) json.value(value(step));
    json.close_array();
}

void write_steps(
    JsonWriter& json, const char* name, std::chrono::seconds each, const Steps& steps
) {
    json.key(name);
    json.open_object();
    json.member("step_s", each.count());
    write_column(json, "end", steps, [](const auto& step) { return model::to_rfc3339(step.end); });
    write_column(json, "length_ms", steps, [](const auto& step) { return step.length.count(); });
    write_column(json, "received", steps, [](const auto& step) { return step.received; });
    write_column(json, "stored", steps, [](const auto& step) { return step.stored; });
    write_column(json, "refused", steps, [](const auto& step) { return step.refused; });
    write_column(json, "evicted", steps, [](const auto& step) { return step.evicted; });
    write_column(json, "delivered", steps, [](const auto& step) { return step.delivered; });
    write_column(json, "waiting", steps, [](const auto& step) { return step.waiting; });
    write_column(json, "buffer_bytes", steps, [](const auto& step) { return step.buffer_bytes; });
    json.close_object();
}

}  // namespace

std::string to_json(const observe::History& history) {
    JsonWriter json;
    json.open_object();
    write_steps(json, "hour", observe::History::kFineStep, history.hour());
    write_steps(json, "day", observe::History::kCoarseStep, history.day());
    json.close_object();
    return json.take();
}

}  // namespace gateway::status
