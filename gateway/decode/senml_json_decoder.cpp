#include "gateway/decode/senml_json_decoder.hpp"

// A pack is an array of records, each an object with the labels of senml_record.cpp:
//
//     [ {"bn":"urn:dev:ow:10e2073a01080063:","bt":1.276020076e+09,"bu":"A",
//        "n":"voltage","u":"V","v":120.1},
//       {"n":"current","t":-5,"v":1.2} ]
#include "gateway/decode/json_number.hpp"
#include "gateway/decode/json_selector.hpp"
#include "gateway/decode/senml_pack.hpp"
#include "gateway/model/message.hpp"

#include <array>
#include <string>

namespace gateway::decode {
namespace {

using model::Decoded;
using model::Fault;
using model::Refusal;
using model::translatable;
using Kind = JsonScalar::Kind;

class SenmlJsonDecoder final : public Decoder {
  public:
    explicit SenmlJsonDecoder(const settings::Format& format);

    Decoded<void> decode(const model::Frame& frame, model::Readings& out) override;

  private:
    Decoded<void> read_records(std::string_view text);
    Decoded<SenmlRecord> read_record(JsonSelector::Row row) const;

    JsonSelector selector_;
    JsonSelector::Slot record_;
    std::array<JsonSelector::Slot, static_cast<std::size_t>(SenmlField::count_)> fields_{};
    SenmlPack pack_;
};

SenmlJsonDecoder::SenmlJsonDecoder(const settings::Format& format) : pack_(format) {
    selector_.select_elements("");
    selector_.check_element_names([](std::string_view name) {
        return find_senml_field(name) ? Decoded<void>{} : check_senml_label(name);
    });
    record_ = selector_.select_in_element("");
    for (const SenmlLabel& label : senml_labels()) {
        fields_[static_cast<std::size_t>(label.field)] =
            selector_.select_in_element("/" + std::string(label.json));
    }
}

Decoded<void> SenmlJsonDecoder::decode(const model::Frame& frame, model::Readings& out) {
    pack_.begin(frame, out);
    return pack_.finish(read_records(frame.payload));
}

Decoded<void> SenmlJsonDecoder::read_records(std::string_view text) {
    if (auto read = selector_.read(text); !read) return read;
    if (selector_.elements_kind() != Kind::array)
        return Fault{
            Refusal::not_this_format, translatable("RFC 8428 5: the pack is not a JSON array")};
    for (std::size_t i = 0; i < selector_.element_count(); ++i) {
        const auto record = read_record(selector_.element(i));
        if (!record) return record.error();
        if (auto added = pack_.add(*record); !added) return added;
    }
    return {};
}

Decoded<SenmlValue> read_value(const JsonScalar& scalar, SenmlField field) {
    switch (scalar.kind) {
        case Kind::boolean:
            return SenmlValue{scalar.boolean};
        case Kind::text:
            if (field == SenmlField::data_value) return SenmlValue{SenmlBytes{scalar.text}};
            return SenmlValue{scalar.text};
        case Kind::number: {
            const auto number = exact_number(scalar.text);
            if (!number) return number.error();
            return SenmlValue{*number};
        }
        default:
            return Fault{
                Refusal::wrong_type,
                translatable("RFC 8428 5: a field is neither a number, a text nor a boolean")};
    }
}

Decoded<SenmlRecord> SenmlJsonDecoder::read_record(JsonSelector::Row row) const {
    if (row[record_].kind != Kind::object)
        return Fault{
            Refusal::wrong_type, translatable("RFC 8428 5: a record is not a JSON object")};
    SenmlRecord record;
    for (const SenmlLabel& label : senml_labels()) {
        const JsonScalar& scalar = row[fields_[static_cast<std::size_t>(label.field)]];
        if (scalar.kind == Kind::absent) continue;
        const auto value = read_value(scalar, label.field);
        if (!value) return value.error();
        if (auto set = record.set(label.field, *value); !set) return set.error();
    }
    return record;
}

}  // namespace

std::unique_ptr<Decoder> make_senml_json_decoder(const settings::Format& format) {
    return std::make_unique<SenmlJsonDecoder>(format);
}

}  // namespace gateway::decode
