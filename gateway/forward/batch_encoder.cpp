#include "gateway/forward/batch_encoder.hpp"

#include "gateway/forward/compression.hpp"
#include "gateway/forward/digest.hpp"
#include "gateway/forward/json_batch.hpp"
#include "gateway/forward/protobuf_batch.hpp"
#include "gateway/settings/recipient_terms.hpp"
#include "gateway/settings/rule_text.hpp"

#include <span>

namespace gateway::forward {

namespace {

constexpr int kEncoderVersion = 2;  // raised when an encoder writes other bytes for the same batch
constexpr std::size_t kIdBytes = 16;

// Ends every field with a byte that no field contains, so that no two lists of fields agree.
void append_field(std::string& fields, std::string_view field) {
    fields.append(field);
    fields += '\0';
}

void append_gap(std::string& fields, const buffer::Gap& gap) {
    append_field(fields, buffer::to_string(gap.cause));
    append_field(fields, std::to_string(gap.first_sequence));
    append_field(fields, std::to_string(gap.last_sequence));
    append_field(fields, std::to_string(gap.count));
    append_field(fields, std::to_string(gap.observed_from.time_since_epoch().count()));
    append_field(fields, std::to_string(gap.observed_to.time_since_epoch().count()));
}

// What decides, beside what is stored, which bytes a reading becomes.
std::string terms_of(const settings::Contract& contract) {
    std::string terms;
    for (const auto& [field, rule] : contract.fields) {
        append_field(terms, field);
        append_field(terms, settings::to_string(rule));
    }
    return terms;
}

void append_erasure(std::string& fields, const buffer::Erasure& erasure) {
    append_field(fields, "erasure");
    append_field(fields, erasure.device);
    append_field(fields, erasure.attribute);
    append_field(fields, erasure.value);
    append_field(fields, std::to_string(erasure.last_sequence));
}

const char* content_type(settings::Encoding encoding) {
    return encoding == settings::Encoding::json ? "application/json" : "application/x-protobuf";
}

}  // namespace

BatchEncoder::BatchEncoder(const settings::Gateway& gateway, const settings::Uplink& uplink)
    : gateway_(gateway.id),
      uplink_(uplink.name),
      recipient_(settings::recipient_of(uplink)),
      encoding_(uplink.encoding),
      compression_(uplink.compression) {
    for (const auto& contract : uplink.contracts)
        terms_.emplace(contract.dataset, terms_of(contract));
}

std::string BatchEncoder::id_of(const buffer::Batch& batch) const {
    std::string fields;
    append_field(fields, gateway_);
    append_field(fields, uplink_);
    append_field(fields, recipient_);
    append_field(fields, batch.dataset);
    const auto terms = terms_.find(batch.dataset);
    append_field(fields, terms != terms_.end() ? terms->second : std::string{});
    append_field(fields, std::to_string(batch.first_sequence));
    append_field(fields, std::to_string(batch.last_sequence));
    append_field(fields, std::to_string(batch.readings.size()));
    append_field(fields, content_type(encoding_));
    append_field(fields, compressor_version(compression_));
    append_field(fields, std::to_string(kEncoderVersion));
    for (const buffer::Gap& gap : batch.gaps) append_gap(fields, gap);
    for (const buffer::Erasure& erasure : batch.erasures) append_erasure(fields, erasure);
    const Sha256 digest = sha256(fields);
    return to_hex(std::span(digest).first(kIdBytes));
}

EncodedBatch BatchEncoder::encode(const buffer::Batch& batch) const {
    EncodedBatch encoded;
    encoded.id = id_of(batch);
    encoded.content_type = content_type(encoding_);
    encoded.content_encoding = content_encoding(compression_);
    std::string bytes = encoding_ == settings::Encoding::json
                            ? encode_json(batch, gateway_, encoded.id)
                            : encode_protobuf(batch, gateway_, encoded.id);
    encoded.body = compress(std::move(bytes), compression_);
    return encoded;
}

}  // namespace gateway::forward
