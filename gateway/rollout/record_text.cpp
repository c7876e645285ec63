#include "gateway/rollout/record_text.hpp"

#include <boost/json.hpp>

namespace gateway::rollout {
namespace {

namespace json = boost::json;

json::object to_json(const Version& version) {
    json::object object;
    object["number"] = version.number;
    object["by"] = version.by;
    object["from"] = version.from;
    if (version.at) object["at"] = model::to_rfc3339(*version.at);
    object["note"] = version.note;
    object["digest"] = version.digest;
    return object;
}

// Throws what Boost.JSON throws where a member is missing or of another kind.
std::string text_of(const json::object& object, const char* name) {
    return json::value_to<std::string>(object.at(name));
}

Version version_of(const json::value& value) {
    const json::object& object = value.as_object();
    Version version;
    version.number = object.at("number").to_number<std::uint32_t>();
    version.by = text_of(object, "by");
    version.from = text_of(object, "from");
    version.note = text_of(object, "note");
    version.digest = text_of(object, "digest");
    if (object.contains("at")) version.at = model::parse_rfc3339(text_of(object, "at"));
    return version;
}

Record record_of(const json::value& value) {
    const json::object& object = value.as_object();
    Record record;
    record.number_last = object.at("last_number").to_number<std::uint32_t>();
    record.passed_over = text_of(object, "passed_over");
    for (const json::value& version : object.at("good").as_array())
        record.good.push_back(version_of(version));
    if (const auto* trial = object.if_contains("trial")) record.trial = version_of(*trial);
    if (const auto* failure = object.if_contains("failure")) {
        const json::object& failed = failure->as_object();
        record.failure = Failure{version_of(failed.at("version")), text_of(failed, "reason")};
    }
    return record;
}

}  // namespace

std::string to_text(const Record& record) {
    json::object object;
    object["last_number"] = record.number_last;
    object["passed_over"] = record.passed_over;
    json::array& good = object["good"].emplace_array();
    for (const Version& version : record.good) good.push_back(to_json(version));
    if (record.trial) object["trial"] = to_json(*record.trial);
    if (record.failure) {
        json::object& failure = object["failure"].emplace_object();
        failure["version"] = to_json(record.failure->version);
        failure["reason"] = record.failure->reason;
    }
    return json::serialize(object) + '\n';
}

std::optional<Record> parse_record(std::string_view text) {
    try {
        return record_of(json::parse({text.data(), text.size()}));
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

}  // namespace gateway::rollout
