#include "canaries.hpp"

#include <openssl/evp.h>
#include <zstd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace tests::privacy {
namespace {

constexpr int kDigits = 6;
constexpr std::size_t kInflatedMax = 16U << 20;  // of one frame: as much as a segment may have
constexpr std::string_view kZstdMagic = "\x28\xB5\x2F\xFD";

template <class Change>
std::string each(std::string_view text, Change change) {
    std::string result;
    for (const char c : text) result += change(c);
    return result;
}

std::string cased(std::string_view text, int (*change)(int)) {
    return each(text, [&](char c) { return static_cast<char>(change(c)); });
}

std::string without_signs(std::string_view text) {
    return each(text, [](char c) { return std::isalnum(c) != 0 ? std::string(1, c) : ""; });
}

std::string formatted(std::string_view text, const char* format) {
    return each(text, [&](char c) {
        std::array<char, 8> written{};
        std::snprintf(written.data(), written.size(), format, c);
        return std::string(written.data());
    });
}

std::string base64(const std::string& bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
    auto* into = reinterpret_cast<unsigned char*>(text.data());
    const int size = EVP_EncodeBlock(into, from, static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

// The characters that the text has in Base64 whatever stands around it, `offset` bytes in.
std::string base64_inside(std::string_view text, std::size_t offset) {
    const std::size_t first = (offset * 4 + 2) / 3;
    const std::size_t end = (offset + text.size()) * 4 / 3;
    return base64(std::string(offset, '\0').append(text)).substr(first, end - first);
}

using Encoding = std::function<std::string(std::string_view)>;

const std::map<std::string, Encoding>& encodings() {
    using Text = std::string_view;
    static const std::map<std::string, Encoding> all{
        {"utf-8", [](Text text) { return std::string(text); }},
        {"lower case", [](Text text) { return cased(text, std::tolower); }},
        {"upper case", [](Text text) { return cased(text, std::toupper); }},
        {"without signs", without_signs},
        {"utf-16 le",
         [](Text text) { return each(text, [](char c) {
                             return std::string{c, 0};
                         }); }},
        {"utf-16 be",
         [](Text text) { return each(text, [](char c) {
                             return std::string{0, c};
                         }); }},
        {"hex", [](Text text) { return formatted(text, "%02x"); }},
        {"hex, upper case", [](Text text) { return formatted(text, "%02X"); }},
        {"base64 at 0", [](Text text) { return base64_inside(text, 0); }},
        {"base64 at 1", [](Text text) { return base64_inside(text, 1); }},
        {"base64 at 2", [](Text text) { return base64_inside(text, 2); }},
        {"json escapes", [](Text text) { return formatted(text, "\\u%04x"); }},
        {"backwards", [](Text text) { return std::string(text.rbegin(), text.rend()); }}};
    return all;
}

std::uint64_t gram_at(const char* bytes) {
    std::uint64_t gram = 0;
    std::memcpy(&gram, bytes, CanarySearch::kBytesMin);
    return gram;
}

std::uint16_t pair_at(const char* bytes) {
    std::uint16_t pair = 0;
    std::memcpy(&pair, bytes, sizeof pair);
    return pair;
}

// Most of a disk is empty. Nothing that is looked for begins with two zeros.
std::size_t past_zeros(std::string_view bytes, std::size_t at) {
    if (pair_at(bytes.data() + at) != 0) return at;
    return std::min(bytes.find_first_not_of('\0', at), bytes.size()) - 1;
}

// What a frame holds up to its end, or to where its bytes stop making sense: a write may be torn.
std::string inflated(std::string_view frame) {
    const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(
        ZSTD_createDStream(), ZSTD_freeDStream
    );
    std::string content;
    std::vector<char> part(ZSTD_DStreamOutSize());
    ZSTD_inBuffer input{frame.data(), frame.size(), 0};
    while (content.size() < kInflatedMax) {
        ZSTD_outBuffer output{part.data(), part.size(), 0};
        const std::size_t left = ZSTD_decompressStream(stream.get(), &output, &input);
        content.append(part.data(), output.pos);
        const bool is_stuck = output.pos == 0 && input.pos == input.size;
        if (ZSTD_isError(left) != 0 || left == 0 || is_stuck) break;
    }
    return content;
}

}  // namespace

std::string canary(const PersonalField& field, std::uint32_t number) {
    std::array<char, kDigits + 1> digits{};
    std::snprintf(digits.data(), digits.size(), "%0*u", kDigits, number);
    std::string text(digits.data());
    if (field.is_in_letters) {
        for (char& digit : text) digit = static_cast<char>(digit - '0' + 'a');
    }
    return field.prefix + text + field.suffix;
}

std::set<std::string> encoding_names() {
    std::set<std::string> names;
    for (const auto& [name, encode] : encodings()) names.insert(name);
    return names;
}

std::string encoded(const std::string& encoding, std::string_view text) {
    return encodings().at(encoding)(text);
}

void CanarySearch::add(const std::string& name, std::string_view text) {
    for (const auto& [encoding, encode] : encodings()) add_bytes(name, encoding, encode(text));
}

void CanarySearch::add_number(const std::string& name, std::uint64_t number) {
    std::string bytes(kBytesMin, '\0');
    for (char& byte : bytes) {
        byte = static_cast<char>(number & 0xffU);
        number >>= 8U;
    }
    add_bytes(name, "number, little endian", bytes);
    add_bytes(name, "number, big endian", std::string(bytes.rbegin(), bytes.rend()));
}

void CanarySearch::add_bytes(
    const std::string& name, const std::string& encoding, std::string bytes
) {
    if (bytes.size() < kBytesMin) return;
    begins_.set(pair_at(bytes.data()));
    const auto gram = gram_at(bytes.data());
    needles_.emplace(gram, Needle{std::move(bytes), {name, encoding}});
}

CanarySearch::Findings CanarySearch::found(std::string_view bytes) const {
    Findings findings;
    look(bytes, findings);
    for (auto at = bytes.find(kZstdMagic); at != bytes.npos; at = bytes.find(kZstdMagic, at + 1))
        look(inflated(bytes.substr(at)), findings);
    return findings;
}

void CanarySearch::look(std::string_view bytes, Findings& findings) const {
    for (std::size_t at = 0; at + kBytesMin <= bytes.size(); ++at) {
        at = past_zeros(bytes, at);
        if (at + kBytesMin > bytes.size() || !begins_.test(pair_at(bytes.data() + at))) continue;
        const auto [first, last] = needles_.equal_range(gram_at(bytes.data() + at));
        for (auto candidate = first; candidate != last; ++candidate) {
            const Needle& needle = candidate->second;
            if (bytes.substr(at).starts_with(needle.bytes)) findings.insert(needle.what);
        }
    }
}

}  // namespace tests::privacy
