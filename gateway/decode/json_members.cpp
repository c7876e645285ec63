#include "gateway/decode/json_members.hpp"

#include "gateway/decode/json_number.hpp"
#include "gateway/decode/json_time.hpp"
#include "gateway/model/message.hpp"

namespace gateway::decode {

using model::Fault;
using model::Refusal;
using model::translatable;

std::string_view JsonMembers::text(const JsonScalar& member) {
    if (member.kind == JsonScalar::Kind::text) return member.text;
    if (member.present())
        fail({Refusal::wrong_type, translatable("a member of the message is not a text")});
    return {};
}

std::optional<model::Decimal> JsonMembers::number(const JsonScalar& member) {
    if (!member.present()) return std::nullopt;
    if (member.kind != JsonScalar::Kind::number) {
        fail({Refusal::wrong_type, translatable("a member of the message is not a number")});
        return std::nullopt;
    }
    const auto number = exact_number(member.text);
    if (number) return *number;
    fail(number.error());
    return std::nullopt;
}

std::optional<model::Instant> JsonMembers::time(const JsonScalar& member) {
    if (!member.present()) return std::nullopt;
    const auto time = read_time(member);
    if (time) return *time;
    fail(time.error());
    return std::nullopt;
}

std::optional<model::Position> JsonMembers::position(
    const JsonScalar& latitude, const JsonScalar& longitude
) {
    const auto north = number(latitude);
    const auto east = number(longitude);
    if (!north || !east) return std::nullopt;
    return model::Position{*north, *east};
}

void JsonMembers::fail(const Fault& fault) {
    if (!fault_) fault_ = fault;
}

JsonScalar first_present(JsonSelector::Row row, std::span<const JsonSelector::Slot> slots) {
    for (const JsonSelector::Slot slot : slots) {
        if (row[slot].present()) return row[slot];
    }
    return {};
}

}  // namespace gateway::decode
