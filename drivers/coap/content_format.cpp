#include "drivers/coap/content_format.hpp"

#include <algorithm>
#include <array>

namespace drivers::coap {

namespace {

constexpr std::uint32_t kText = 0;
constexpr std::uint32_t kOctetStream = 42;
constexpr std::uint32_t kJson = 50;
constexpr std::uint32_t kCbor = 60;
constexpr std::uint32_t kSenmlJson = 110;
constexpr std::uint32_t kSensmlJson = 111;
constexpr std::uint32_t kSenmlCbor = 112;
constexpr std::uint32_t kSensmlCbor = 113;

struct Accepted {
    std::string_view source_format;
    std::array<std::uint32_t, 4> content_formats;
};

constexpr std::array<Accepted, 5> kAccepted{{
    {"json", {kJson, kText, kJson, kJson}},
    {"chirpstack", {kJson, kText, kJson, kJson}},
    {"the-things-stack", {kJson, kText, kJson, kJson}},
    {"senml-json", {kSenmlJson, kSensmlJson, kJson, kText}},
    {"senml-cbor", {kSenmlCbor, kSensmlCbor, kCbor, kCbor}},
}};

}  // namespace

bool may_be(std::string_view source_format, std::uint32_t content_format) {
    if (content_format == kOctetStream) return true;
    for (const Accepted& accepted : kAccepted) {
        if (accepted.source_format != source_format) continue;
        const auto& formats = accepted.content_formats;
        return std::find(formats.begin(), formats.end(), content_format) != formats.end();
    }
    const std::array<std::uint32_t, 6> texts{
        kText, kJson, kSenmlJson, kSensmlJson, kSenmlCbor, kSensmlCbor};
    return std::find(texts.begin(), texts.end(), content_format) == texts.end();
}

}  // namespace drivers::coap
