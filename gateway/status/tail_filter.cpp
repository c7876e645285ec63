#include "gateway/status/tail_filter.hpp"

#include "gateway/status/json_writer.hpp"

#include <boost/json.hpp>

namespace gateway::status {
namespace {

namespace json = boost::json;

bool read(const json::object& object, const char* name, std::string& into) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return false;
    into.assign(value->get_string().data(), value->get_string().size());
    return true;
}

}  // namespace

std::string to_json(const TailFilter& filter) {
    JsonWriter json;
    json.open_object();
    json.member("dataset", filter.dataset);
    json.member("device", filter.device);
    json.member("only_refused", filter.only_refused);
    json.close_object();
    return json.take();
}

std::optional<TailFilter> parse_tail_filter(std::string_view text) {
    boost::system::error_code failure;
    const json::value value = json::parse({text.data(), text.size()}, failure);
    if (failure || !value.is_object()) return std::nullopt;
    const json::object& object = value.get_object();
    const json::value* only_refused = object.if_contains("only_refused");
    TailFilter filter;
    const bool are_texts =
        read(object, "dataset", filter.dataset) && read(object, "device", filter.device);
    if (!are_texts || only_refused == nullptr || !only_refused->is_bool()) return std::nullopt;
    filter.only_refused = only_refused->get_bool();
    return filter;
}

}  // namespace gateway::status
