#include "gateway/anonymise/phone_number.hpp"

#include "gateway/anonymise/characters.hpp"

#include <algorithm>
#include <array>

namespace gateway::anonymise {
namespace {

constexpr std::size_t kTextMax = 32;
constexpr std::size_t kDigitsMin = 7;   // with the country code; the shortest that are in use
constexpr std::size_t kDigitsMax = 15;  // E.164 section 6
constexpr std::size_t kNationalDigitsMin = 4;
// So many digits behind the country code are no coincidence.
constexpr std::size_t kDigitsBehindCountryMin = 7;

// Italy and San Marino, Côte d'Ivoire (since 2021), Benin (since 2024), Congo.
constexpr std::array<std::string_view, 5> kCountriesThatKeepZero{"39", "378", "225", "229", "242"};

bool keeps_zero(std::string_view country) {
    return std::find(kCountriesThatKeepZero.begin(), kCountriesThatKeepZero.end(), country) !=
           kCountriesThatKeepZero.end();
}

struct Written {
    std::string digits;
    bool is_international = false;
};

void cut_prefix(std::string_view& text, std::string_view prefix) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
}

bool is_abroad(const Written& written) {
    return written.is_international || written.digits.starts_with("00");
}

std::optional<Written> read(std::string_view text) {
    Written written;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '+' && written.digits.empty() && !written.is_international) {
            written.is_international = true;
        } else if (is_abroad(written) && text.substr(i).starts_with("(0)")) {
            i += 2;
        } else if (is_digit(static_cast<unsigned char>(c))) {
            written.digits += c;
        } else if (std::string_view{" .-/()"}.find(c) == std::string_view::npos) {
            return std::nullopt;
        }
    }
    if (!written.is_international && written.digits.starts_with("00")) {
        written.is_international = true;
        written.digits.erase(0, 2);
    }
    return written;
}

// Country code and national number, in which a leading zero may still stand.
std::optional<std::string> international(const Written& written, std::string_view country) {
    const std::string& digits = written.digits;
    if (written.is_international) return digits;
    if (country.empty() || digits.size() < kNationalDigitsMin) return std::nullopt;
    if (digits.starts_with(country) && digits.size() >= country.size() + kDigitsBehindCountryMin)
        return digits;
    return std::string{country} + digits;
}

}  // namespace

std::optional<std::string> canonical_phone_number(
    std::string_view ascii, std::string_view country
) {
    if (ascii.size() > kTextMax) return std::nullopt;
    cut_prefix(ascii, "tel:");
    const auto written = read(ascii);
    if (!written) return std::nullopt;
    auto digits = international(*written, country);
    if (!digits) return std::nullopt;
    if (!country.empty() && digits->starts_with(country) && !keeps_zero(country)) {
        const std::size_t number = digits->find_first_not_of('0', country.size());
        digits->erase(country.size(), std::min(number, digits->size()) - country.size());
    }
    if (digits->size() < kDigitsMin || digits->size() > kDigitsMax || digits->front() == '0')
        return std::nullopt;
    return '+' + *digits;
}

}  // namespace gateway::anonymise
