#include "gateway/anonymise/canonical_form.hpp"

#include "gateway/anonymise/characters.hpp"
#include "gateway/anonymise/email_address.hpp"
#include "gateway/anonymise/iban.hpp"
#include "gateway/anonymise/ip_address.hpp"
#include "gateway/anonymise/mac_address.hpp"
#include "gateway/anonymise/person_name.hpp"
#include "gateway/anonymise/phone_number.hpp"

namespace gateway::anonymise {
namespace {

constexpr std::size_t kCharactersMax = 254;  // of the longest form, an e-mail address

std::optional<std::string> canonical_ip(std::string_view ascii) {
    const auto address = parse_ip_address(ascii);
    return address ? std::optional{to_string(*address)} : std::nullopt;
}

}  // namespace

std::optional<std::string> canonical_form(
    settings::Form form, std::string_view text, std::string_view country
) {
    using settings::Form;
    if (form == Form::as_sent) return std::string{text};
    if (form == Form::name) return canonical_person_name(text);
    const auto ascii = ascii_of(text, kCharactersMax);
    if (!ascii) return std::nullopt;
    switch (form) {
        case Form::ip:
            return canonical_ip(*ascii);
        case Form::mac:
            return canonical_mac_address(*ascii);
        case Form::phone:
            return canonical_phone_number(*ascii, country);
        case Form::email:
            return canonical_email_address(*ascii);
        case Form::iban:
            return canonical_iban(*ascii);
        case Form::as_sent:
        case Form::name:
            break;
    }
    return std::nullopt;
}

}  // namespace gateway::anonymise
