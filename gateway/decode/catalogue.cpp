#include "gateway/decode/cayenne_lpp_decoder.hpp"
#include "gateway/decode/chirpstack_decoder.hpp"
#include "gateway/decode/decoder.hpp"
#include "gateway/decode/json_decoder.hpp"
#include "gateway/decode/protobuf_decoder.hpp"
#include "gateway/decode/senml_cbor_decoder.hpp"
#include "gateway/decode/senml_json_decoder.hpp"
#include "gateway/decode/the_things_stack_decoder.hpp"

#include <algorithm>
#include <array>

namespace gateway::decode {
namespace {

struct Entry {
    std::string_view name;
    std::unique_ptr<Decoder> (*make)(const settings::Format& format);
};

constexpr std::array kCatalogue{
    Entry{"json", make_json_decoder},
    Entry{"senml-json", make_senml_json_decoder},
    Entry{"senml-cbor", make_senml_cbor_decoder},
    Entry{"protobuf", make_protobuf_decoder},
    Entry{"chirpstack", make_chirpstack_decoder},
    Entry{"the-things-stack", make_the_things_stack_decoder},
    Entry{"cayenne-lpp", make_cayenne_lpp_decoder},
};

constexpr auto kNames = [] {
    std::array<std::string_view, kCatalogue.size()> names;
    std::transform(kCatalogue.begin(), kCatalogue.end(), names.begin(), [](const Entry& entry) {
        return entry.name;
    });
    return names;
}();

}  // namespace

std::unique_ptr<Decoder> make_decoder(const settings::Format& format) {
    for (const Entry& entry : kCatalogue) {
        if (entry.name == format.name) return entry.make(format);
    }
    return nullptr;
}

std::span<const std::string_view> format_names() {
    return kNames;
}

}  // namespace gateway::decode
