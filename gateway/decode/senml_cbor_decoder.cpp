#include "gateway/decode/senml_cbor_decoder.hpp"

// A pack is an array of records, each a map with the integer labels of senml_record.cpp:
//
//     81                              array of one record
//        a3                           map of three fields
//           00 67 76 6f 6c 74 61 67 65    n: "voltage"
//           01 61 56                      u: "V"
//           02 fb 40 5e 06 66 66 66 66 66 v: 120.1
#include "gateway/decode/base64.hpp"
#include "gateway/decode/cbor_reader.hpp"
#include "gateway/decode/senml_pack.hpp"
#include "gateway/model/message.hpp"

#include <deque>
#include <string>

namespace gateway::decode {
namespace {

using model::Decoded;
using model::Fault;
using model::Refusal;
using model::translatable;
using Kind = CborItem::Kind;

class SenmlCborDecoder final : public Decoder {
  public:
    explicit SenmlCborDecoder(const settings::Format& format) : pack_(format) {}

    Decoded<void> decode(const model::Frame& frame, model::Readings& out) override;

  private:
    Decoded<void> read_records(CborReader& reader);
    Decoded<SenmlRecord> read_record(CborReader& reader, const CborItem& map);
    Decoded<void> read_field(CborReader& reader, const CborItem& label, SenmlRecord& record);
    Decoded<SenmlValue> read_value(const CborItem& item);

    SenmlPack pack_;
    std::deque<std::string> data_values_;  // of the record being read, as base64url
};

// True while an array or a map goes on; `item` is its next element or the key of its next pair.
Decoded<bool> next_element(
    CborReader& reader, const CborItem& container, std::uint64_t index, CborItem& item
) {
    if (container.size == index) return false;
    const auto next = reader.next();
    if (!next) return next.error();
    item = *next;
    if (item.kind != Kind::end) return true;
    if (!container.size) return false;
    return Fault{
        Refusal::malformed, translatable("RFC 8949 3.2.1: an array or map ends too early")};
}

Decoded<void> SenmlCborDecoder::decode(const model::Frame& frame, model::Readings& out) {
    CborReader reader{frame.payload};
    pack_.begin(frame, out);
    return pack_.finish(read_records(reader));
}

Decoded<void> SenmlCborDecoder::read_records(CborReader& reader) {
    const auto pack = reader.next();
    if (!pack) return pack.error();
    if (pack->kind != Kind::array)
        return Fault{
            Refusal::not_this_format, translatable("RFC 8428 6: the pack is not a CBOR array")};
    CborItem item;
    for (std::uint64_t i = 0;; ++i) {
        const auto more = next_element(reader, *pack, i, item);
        if (!more) return more.error();
        if (!*more) break;
        const auto record = read_record(reader, item);
        if (!record) return record.error();
        if (auto added = pack_.add(*record); !added) return added;
    }
    if (reader.at_end()) return {};
    return Fault{Refusal::malformed, translatable("RFC 8428 6: bytes follow the pack")};
}

Decoded<SenmlRecord> SenmlCborDecoder::read_record(CborReader& reader, const CborItem& map) {
    if (map.kind != Kind::map)
        return Fault{Refusal::wrong_type, translatable("RFC 8428 6: a record is not a CBOR map")};
    data_values_.clear();
    SenmlRecord record;
    CborItem label;
    for (std::uint64_t i = 0;; ++i) {
        const auto more = next_element(reader, map, i, label);
        if (!more) return more.error();
        if (!*more) return record;
        if (auto read = read_field(reader, label, record); !read) return read.error();
    }
}

Decoded<void> SenmlCborDecoder::read_field(
    CborReader& reader, const CborItem& label, SenmlRecord& record
) {
    std::optional<SenmlField> field;
    if (label.kind == Kind::text) {
        field = find_senml_field(label.text);
        if (!field) {
            if (auto checked = check_senml_label(label.text); !checked) return checked;
        }
    } else if (label.kind == Kind::number) {
        if (label.number) field = find_senml_field(*label.number);
    } else {
        return Fault{
            Refusal::malformed, translatable("RFC 8428 6: a label is neither integer nor text")};
    }
    const auto item = reader.next();
    if (!item) return item.error();
    if (item->kind == Kind::end)
        return Fault{Refusal::malformed, translatable("RFC 8949 3.1: a label has no value")};
    if (!field) return reader.skip_content(*item);
    const auto value = read_value(*item);
    if (!value) return value.error();
    return record.set(*field, *value);
}

Decoded<SenmlValue> SenmlCborDecoder::read_value(const CborItem& item) {
    switch (item.kind) {
        case Kind::number:
            if (item.number) return SenmlValue{*item.number};
            return Fault{
                Refusal::not_representable,
                translatable("RFC 8428 6: a number has too many digits or is none")};
        case Kind::boolean:
            return SenmlValue{item.boolean};
        case Kind::text:
            return SenmlValue{item.text};
        case Kind::bytes:
            return SenmlValue{SenmlBytes{data_values_.emplace_back(encode_base64url(item.text))}};
        default:
            return Fault{
                Refusal::wrong_type,
                translatable("RFC 8428 6: a field is no number, text, boolean or bytes")};
    }
}

}  // namespace

std::unique_ptr<Decoder> make_senml_cbor_decoder(const settings::Format& format) {
    return std::make_unique<SenmlCborDecoder>(format);
}

}  // namespace gateway::decode
