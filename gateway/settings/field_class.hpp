#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/values.hpp"

#include <array>
#include <string_view>

namespace gateway::settings {

// As they stand in a configuration.
inline constexpr std::array kFieldClasses = {
    Choice<FieldClass>{"direct", FieldClass::direct},
    Choice<FieldClass>{"quasi", FieldClass::quasi},
    Choice<FieldClass>{"behaviour", FieldClass::behaviour},
    Choice<FieldClass>{"sensitive", FieldClass::sensitive},
    Choice<FieldClass>{"public", FieldClass::open}};

std::string_view to_string(FieldClass field_class);

}  // namespace gateway::settings
