// libFuzzer harness of what is personal by its type: canonical forms, networks and the patterns of
// free texts. The first byte chooses the form, and whether numbers have a country.
#include "gateway/anonymise/canonical_form.hpp"
#include "gateway/anonymise/ip_address.hpp"
#include "gateway/anonymise/text_patterns.hpp"
#include "tests/fuzz/require.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace {

using namespace gateway;
using settings::Form;
using tests::fuzz::require;

constexpr std::size_t kCanonicalBytesMax = 512;
constexpr std::size_t kNameBytesMax = 64;
constexpr std::array kForms{
    Form::as_sent, Form::ip, Form::mac, Form::phone, Form::email, Form::iban, Form::name};

// A form that has another form would be two identities.
void check_form(Form form, std::string_view text, std::string_view country) {
    const auto canonical = anonymise::canonical_form(form, text, country);
    if (!canonical || form == Form::as_sent) return;
    require(!canonical->empty() && canonical->size() <= kCanonicalBytesMax);
    require(simdjson::validate_utf8(canonical->data(), canonical->size()));
    // Letters that become two may leave the bound on the way.
    if (form == Form::name && canonical->size() > kNameBytesMax) return;
    require(anonymise::canonical_form(form, *canonical, country) == canonical);
}

void check_network(std::string_view text, int v4_bits, int v6_bits) {
    const auto address = anonymise::parse_ip_address(text);
    if (!address) return;
    require(anonymise::parse_ip_address(to_string(*address)) == address);
    const auto network = anonymise::network_of(*address, v4_bits, v6_bits);
    const auto first = anonymise::parse_ip_address(network.substr(0, network.find('/')));
    require(first.has_value());
    require(anonymise::network_of(*first, v4_bits, v6_bits) == network);
}

std::size_t longest_digits(std::string_view text) {
    std::size_t longest = 0;
    std::size_t count = 0;
    for (const char c : text) {
        count = c >= '0' && c <= '9' ? count + 1 : 0;
        longest = std::max(longest, count);
    }
    return longest;
}

void check_patterns(std::string_view text) {
    const auto left = anonymise::without_patterns(text);
    if (!left) return;
    require(left->find('@') == left->npos && longest_digits(*left) < 6);
    require(simdjson::validate_utf8(left->data(), left->size()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text{reinterpret_cast<const char*>(bytes + 1), size - 1};
    const unsigned choice = bytes[0];
    constexpr std::array<std::string_view, 4> kCountries{"", "216", "33", "225"};
    check_form(kForms[choice % kForms.size()], text, kCountries[choice / kForms.size() % 4]);
    check_network(text, choice % 2 == 0 ? 24 : 16, choice % 2 == 0 ? 48 : 32);
    check_patterns(text);
    return 0;
}
