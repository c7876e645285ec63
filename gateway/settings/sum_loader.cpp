#include "gateway/settings/sum_loader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/values.hpp"

#include <array>

namespace gateway::settings {
namespace {

using language::tr;

constexpr Threshold kInternal{11, 50};
constexpr Threshold kOpenData{15, 25};
constexpr std::array kPresets = {
    Choice<Threshold>{"internal", kInternal}, Choice<Threshold>{"open", kOpenData}};

constexpr std::array kThresholdKeys = {
    Key<Threshold>{
        "meters_min", into<&Threshold::meters_min, read_integer<std::uint32_t, 3, 100'000>>},
    Key<Threshold>{
        "share_percent_max",
        into<&Threshold::share_percent_max, read_integer<std::uint32_t, 1, 100>>}};

std::optional<model::Decimal> read_above_zero(const Value& value, Loading& loading) {
    const auto number = read_decimal(value, loading);
    if (!number || number->mantissa > 0) return number;
    loading.diagnostics.error(
        value.at, tr("'{0}' must be above 0", {value.key}), tr("write a number such as 1")
    );
    return std::nullopt;
}

constexpr std::array kNoiseKeys = {
    Key<Noise>{
        "contribution_max", into<&Noise::contribution_max, read_above_zero>, Presence::required},
    Key<Noise>{"epsilon", into<&Noise::epsilon, read_above_zero>},
    Key<Noise>{"cap", into<&Noise::cap, read_above_zero>},
    Key<Noise>{"period", into<&Noise::period, read_duration<seconds, kHour, 366 * kDay>>}};

std::optional<model::Decimal> read_power_of_ten(const Value& value, Loading& loading) {
    const auto number = read_decimal(value, loading);
    if (!number) return std::nullopt;
    model::Decimal shortest = *number;
    while (shortest.mantissa != 0 && shortest.mantissa % 10 == 0) {
        shortest.mantissa /= 10;
        ++shortest.exponent;
    }
    if (shortest.mantissa == 1 && shortest.exponent >= -12 && shortest.exponent <= 6)
        return shortest;
    loading.diagnostics.error(
        value.at,
        tr("'{0}' is not a power of ten", {value.key}),
        tr("write the smallest step that counts, such as 0.001")
    );
    return std::nullopt;
}

constexpr std::array kGroupKeys = {
    Key<SumGroup>{"name", into<&SumGroup::name, read_name>, Presence::required},
    Key<SumGroup>{"part_of", into<&SumGroup::part_of, read_name>}};

// "north", or { name = "north-a", part_of = "north" }.
std::optional<SumGroup> read_group(const Value& value, Loading& loading) {
    if (std::holds_alternative<Table>(value.content))
        return read_table<SumGroup>(value, "groups", kGroupKeys, loading);
    auto name = read_name(value, loading);
    if (!name) return std::nullopt;
    return SumGroup{std::move(*name), ""};
}

std::optional<std::vector<SumGroup>> read_groups(const Value& value, Loading& loading) {
    const auto* array = std::get_if<Array>(&value.content);
    if (array == nullptr) {
        reject_type(value, tr("a list of groups such as [\"north\", \"south\"]"), loading);
        return std::nullopt;
    }
    std::vector<SumGroup> groups;
    for (const Value& element : *array) {
        auto group = read_group(element, loading);
        if (!group) return std::nullopt;
        groups.push_back(std::move(*group));
    }
    return groups;
}

constexpr std::array kSummed = {Choice<bool>{"values", false}, Choice<bool>{"increases", true}};

constexpr std::array kKeys = {
    Key<Sum>{"name", into<&Sum::name, read_name>, Presence::required},
    Key<Sum>{"from", into<&Sum::from, read_name>, Presence::required},
    Key<Sum>{"quantity", into<&Sum::quantity, read_name>, Presence::required},
    Key<Sum>{"into", into<&Sum::into, read_name>, Presence::required},
    Key<Sum>{"of", into<&Sum::increases, read_choice<kSummed>>},
    Key<Sum>{"as", into<&Sum::as, read_name>},
    Key<Sum>{"groups", into<&Sum::groups, read_groups>, Presence::required},
    Key<Sum>{"members", into<&Sum::members, read_readable_file>, Presence::required},
    Key<Sum>{"window", into<&Sum::window, read_duration<seconds, kMinute, 366 * kDay>>},
    Key<Sum>{"grace", into<&Sum::grace, read_duration<seconds, 0, 31 * kDay>>},
    Key<Sum>{"resolution", into<&Sum::resolution, read_power_of_ten>}};

void read_thresholds(TableReader& reader, Loading& loading, Sum& sum) {
    Threshold threshold;
    if (const Value* preset = reader.take("preset"))
        threshold = read_choice<kPresets>(*preset, loading).value_or(threshold);
    reader.read<Threshold>(kThresholdKeys, threshold);
    sum.protection = threshold;
}

}  // namespace

Sum read_sum(const Value& value, Loading& loading) {
    Sum sum;
    const Table* table = as_table(value, loading);
    if (table == nullptr) return sum;
    TableReader reader{*table, value.at, "[[sum]]", loading};
    reader.read<Sum>(kKeys, sum);
    if (const Value* noise = reader.take("noise")) {
        const auto read = read_table<Noise>(*noise, "[sum.noise]", kNoiseKeys, loading);
        sum.protection = read.value_or(Noise{});
        reader.know_elsewhere("preset", tr("a sum without noise"));
        for (const auto& key : kThresholdKeys)
            reader.know_elsewhere(key.name, tr("a sum without noise"));
    } else {
        read_thresholds(reader, loading, sum);
    }
    reader.reject_the_rest();
    return sum;
}

}  // namespace gateway::settings
