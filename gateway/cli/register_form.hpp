#pragma once
#include "gateway/settings/settings.hpp"

#include <span>

namespace gateway::cli {

// What a heading of a form is about.
enum class Part : std::uint8_t {
    controller,
    rights,  // the officer, or who answers for the rights of the persons
    purposes,
    persons,
    fields,
    sensitive,
    recipients,
    transfers,
    retention,
    risks,
    security,
    inventory,
};

// Texts are to be translated where they are shown.
struct Heading {
    Part part;
    const char* title;
    const char* article;  // of the law; null: none
};

// The headings under which an authority wants a processing declared, in its order.
struct RegisterForm {
    const char* title;
    std::span<const Heading> before;       // once
    std::span<const Heading> each;         // for every activity
    std::span<const Heading> after;        // once
    std::span<const char* const> remarks;  // what is special in this law
};

const RegisterForm& form_of(settings::Jurisdiction profile);

}  // namespace gateway::cli
