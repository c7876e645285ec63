#include "gateway/cli/dataset_fields.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace gateway::cli {
namespace {

constexpr std::array<const char*, 3> kAlways{"device", "time", "value"};

// What a LoRaWAN network server tells of its own, see decode/lorawan_payload.hpp.
constexpr std::array<const char*, 7> kOfLorawan{
    "application", "device_name", "f_cnt", "f_port", "location", "rssi", "snr"};

bool is_of_lorawan(const settings::Format& format) {
    return format.name == "chirpstack" || format.name == "the-things-stack";
}

std::vector<std::string> always_first(std::set<std::string> attributes) {
    std::vector<std::string> fields{kAlways.begin(), kAlways.end()};
    for (const auto* always : kAlways) attributes.erase(always);
    fields.insert(fields.end(), attributes.begin(), attributes.end());
    return fields;
}

// "{other}" levels of a topic become attributes.
void add_levels(std::string_view topic, std::set<std::string>& attributes) {
    for (auto open = topic.find('{'); open != std::string_view::npos; open = topic.find('{')) {
        const auto close = std::min(topic.find('}', open), topic.size());
        attributes.emplace(topic.substr(open + 1, close - open - 1));
        topic.remove_prefix(close);
    }
}

}  // namespace

std::vector<std::string> fields_of(std::span<const settings::Dataset> datasets) {
    std::set<std::string> attributes;
    for (const auto& dataset : datasets) {
        for (const auto& [field, rule] : dataset.fields) attributes.insert(field);
    }
    return always_first(std::move(attributes));
}

std::vector<std::string> fields_of(
    const settings::Settings& settings, const settings::Dataset& dataset
) {
    std::set<std::string> attributes;
    for (const auto& [field, rule] : dataset.fields) attributes.insert(field);
    for (const auto& source : settings.sources) {
        if (source.dataset != dataset.name) continue;
        for (const auto& [name, pointer] : source.format.json.attributes) attributes.insert(name);
        if (is_of_lorawan(source.format)) attributes.insert(kOfLorawan.begin(), kOfLorawan.end());
        for (const auto& topic : source.topics) add_levels(topic, attributes);
    }
    return always_first(std::move(attributes));
}

}  // namespace gateway::cli
