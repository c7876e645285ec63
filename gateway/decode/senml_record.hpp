#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/refusal.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

namespace gateway::decode {

// The fields of a SenML record (RFC 8428 sections 4.1 and 4.2).
enum class SenmlField : std::uint8_t {
    base_version,
    base_name,
    base_time,
    base_unit,
    base_value,
    base_sum,
    name,
    unit,
    value,
    string_value,
    boolean_value,
    data_value,
    sum,
    time,
    update_time,
    count_  // the number of fields, not a field
};

// A field's label in JSON (RFC 8428 section 5, table 2) and in CBOR (section 6, table 4).
struct SenmlLabel {
    SenmlField field;
    std::string_view json;
    std::int8_t cbor;
};

std::span<const SenmlLabel> senml_labels();
std::optional<SenmlField> find_senml_field(std::string_view json_label);
std::optional<SenmlField> find_senml_field(model::Decimal cbor_label);

// A label that is not known may be ignored unless it ends in "_" (RFC 8428 section 4.4).
model::Decoded<void> check_senml_label(std::string_view label);

// A data value, base64url without padding as JSON carries it.
struct SenmlBytes {
    std::string_view base64url;
};
using SenmlValue = std::variant<model::Decimal, bool, std::string_view, SenmlBytes>;

// One record as it stood in its pack. A view of the reader's texts.
class SenmlRecord {
  public:
    // malformed if the record has the field already, wrong_type if the field takes another type.
    model::Decoded<void> set(SenmlField field, const SenmlValue& value);

    bool has(SenmlField field) const { return at(field).has_value(); }
    std::optional<model::Decimal> number(SenmlField field) const;
    std::string_view text(SenmlField field) const;  // empty if the record does not have it
    const std::optional<SenmlValue>& at(SenmlField field) const {
        return values_[static_cast<std::size_t>(field)];
    }

  private:
    std::array<std::optional<SenmlValue>, static_cast<std::size_t>(SenmlField::count_)> values_;
};

}  // namespace gateway::decode
