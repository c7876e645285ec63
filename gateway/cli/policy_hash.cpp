#include "gateway/cli/policy_hash.hpp"

#include "gateway/settings/field_class.hpp"
#include "gateway/settings/rule_text.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>
#include <string_view>

namespace gateway::cli {
namespace {

// Each part with its length before it, so that no two policies have one text.
void append_part(std::string& text, std::string_view part) {
    text.append(std::to_string(part.size())).append(1, ':').append(part);
}

std::string canonical(const settings::Dataset& dataset) {
    std::string text;
    append_part(text, dataset.purpose);
    append_part(text, dataset.legal_basis);
    append_part(text, dataset.consent_ref);
    append_part(text, dataset.consent_each ? "each" : "");
    append_part(text, std::to_string(dataset.retention.count()));
    for (const auto& [field, rule] : dataset.fields) {
        const auto given = dataset.classes.find(field);
        append_part(text, field);
        append_part(text, settings::to_string(rule));
        append_part(text, given != dataset.classes.end() ? settings::to_string(given->second) : "");
    }
    return text;
}

}  // namespace

std::string policy_hash(const settings::Dataset& dataset) {
    const std::string text = canonical(dataset);
    std::array<unsigned char, 32> digest{};
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::bad_alloc();  // the only way in which a digest of bytes in memory can fail
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : digest) {
        hex += kDigits[byte >> 4U];
        hex += kDigits[byte & 0xFU];
    }
    return hex;
}

}  // namespace gateway::cli
