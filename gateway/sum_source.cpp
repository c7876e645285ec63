#include "gateway/sum_source.hpp"

#include "gateway/model/quantity.hpp"

namespace gateway {
namespace {

// No name of a configuration has a blank in it.
std::string internal_name(const settings::Sum& sum) {
    return "sum " + sum.name;
}

}  // namespace

settings::Source source_of(const settings::Sum& sum, const settings::Settings& settings) {
    model::Vocabulary vocabulary;
    for (const auto& quantity : settings.quantities) vocabulary.add(quantity);
    settings::Source source;
    source.name = internal_name(sum);
    source.dataset = sum.into;
    auto& json = source.format.json;
    json.samples = "/groups";
    json.device = "/group";
    json.time = "/start";
    const std::string& name = sum.as.empty() ? sum.quantity : sum.as;
    const auto* quantity = vocabulary.find(name);
    json.readings = {{name, "/sum", quantity == nullptr ? "" : quantity->unit}};
    json.attributes = {{"meters", "/meters"}, {"seconds", "/seconds"}};
    return source;
}

settings::Uplink consumer_of(const settings::Sum& sum) {
    settings::Uplink uplink;
    uplink.name = internal_name(sum);
    uplink.datasets = {sum.from};
    return uplink;
}

settings::Settings with_sums(const settings::Settings& settings) {
    settings::Settings whole = settings;
    for (const settings::Sum& sum : settings.sums) {
        whole.sources.push_back(source_of(sum, settings));
        whole.uplinks.push_back(consumer_of(sum));
    }
    return whole;
}

}  // namespace gateway
