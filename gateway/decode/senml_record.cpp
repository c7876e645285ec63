#include "gateway/decode/senml_record.hpp"

#include "gateway/model/message.hpp"

#include <algorithm>

namespace gateway::decode {
namespace {

using model::Decoded;
using model::Fault;
using model::Refusal;
using model::translatable;

constexpr std::array kLabels{
    SenmlLabel{SenmlField::base_version, "bver", -1},
    SenmlLabel{SenmlField::base_name, "bn", -2},
    SenmlLabel{SenmlField::base_time, "bt", -3},
    SenmlLabel{SenmlField::base_unit, "bu", -4},
    SenmlLabel{SenmlField::base_value, "bv", -5},
    SenmlLabel{SenmlField::base_sum, "bs", -6},
    SenmlLabel{SenmlField::name, "n", 0},
    SenmlLabel{SenmlField::unit, "u", 1},
    SenmlLabel{SenmlField::value, "v", 2},
    SenmlLabel{SenmlField::string_value, "vs", 3},
    SenmlLabel{SenmlField::boolean_value, "vb", 4},
    SenmlLabel{SenmlField::data_value, "vd", 8},
    SenmlLabel{SenmlField::sum, "s", 5},
    SenmlLabel{SenmlField::time, "t", 6},
    SenmlLabel{SenmlField::update_time, "ut", 7},
};
static_assert(kLabels.size() == static_cast<std::size_t>(SenmlField::count_));

// The position in SenmlValue of the type a field takes.
std::size_t type_of(SenmlField field) {
    constexpr std::size_t kNumber = 0;
    constexpr std::size_t kBoolean = 1;
    constexpr std::size_t kText = 2;
    constexpr std::size_t kBytes = 3;
    switch (field) {
        case SenmlField::base_name:
        case SenmlField::base_unit:
        case SenmlField::name:
        case SenmlField::unit:
        case SenmlField::string_value:
            return kText;
        case SenmlField::boolean_value:
            return kBoolean;
        case SenmlField::data_value:
            return kBytes;
        default:
            return kNumber;
    }
}

bool is_base64url(std::string_view text) {
    const auto belongs = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    };
    return text.size() % 4 != 1 && std::all_of(text.begin(), text.end(), belongs);
}

template <class Matches>
std::optional<SenmlField> find_field(Matches matches) {
    const auto* found = std::find_if(kLabels.begin(), kLabels.end(), matches);
    if (found == kLabels.end()) return std::nullopt;
    return found->field;
}

}  // namespace

std::span<const SenmlLabel> senml_labels() {
    return kLabels;
}

std::optional<SenmlField> find_senml_field(std::string_view json_label) {
    return find_field([&](const SenmlLabel& label) { return label.json == json_label; });
}

std::optional<SenmlField> find_senml_field(model::Decimal cbor_label) {
    return find_field([&](const SenmlLabel& label) {
        return cbor_label == model::Decimal{label.cbor, 0};
    });
}

Decoded<void> check_senml_label(std::string_view label) {
    if (!label.ends_with('_')) return {};
    return Fault{
        Refusal::malformed,
        translatable("RFC 8428 4.4: a label that ends in _ must be understood and is unknown")};
}

Decoded<void> SenmlRecord::set(SenmlField field, const SenmlValue& value) {
    auto& slot = values_[static_cast<std::size_t>(field)];
    if (slot)
        return Fault{Refusal::malformed, translatable("RFC 8428 4: a record has a field twice")};
    if (value.index() != type_of(field))
        return Fault{
            Refusal::wrong_type,
            translatable("RFC 8428 5, 6: a field has another type than its label asks for")};
    if (const auto* bytes = std::get_if<SenmlBytes>(&value)) {
        if (!is_base64url(bytes->base64url))
            return Fault{
                Refusal::malformed,
                translatable("RFC 8428 5: vd is not base64url without padding")};
    }
    slot = value;
    return {};
}

std::optional<model::Decimal> SenmlRecord::number(SenmlField field) const {
    const auto& value = at(field);
    const auto* number = value ? std::get_if<model::Decimal>(&*value) : nullptr;
    if (number == nullptr) return std::nullopt;
    return *number;
}

std::string_view SenmlRecord::text(SenmlField field) const {
    const auto& value = at(field);
    const auto* text = value ? std::get_if<std::string_view>(&*value) : nullptr;
    return text == nullptr ? std::string_view{} : *text;
}

}  // namespace gateway::decode
