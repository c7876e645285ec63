#include "gateway/decode/json_leaves_decoder.hpp"

#include "gateway/decode/json_number.hpp"
#include "gateway/decode/json_selector.hpp"
#include "gateway/model/message.hpp"

namespace gateway::decode {
namespace {

using model::Decoded;
using model::Fault;
using model::Refusal;
using model::translatable;
using Kind = JsonScalar::Kind;

class JsonLeavesDecoder final : public Decoder {
  public:
    JsonLeavesDecoder() { selector_.select_leaves(""); }

    Decoded<void> decode(const model::Frame& frame, model::Readings& out) override;

  private:
    Decoded<void> add_leaf(const JsonLeaf& leaf, model::Instant at, model::Readings& out) const;

    JsonSelector selector_;
};

Decoded<void> JsonLeavesDecoder::decode(const model::Frame& frame, model::Readings& out) {
    if (auto read = selector_.read(frame.payload); !read) return read;
    const std::size_t before = out.size();
    for (std::size_t i = 0; i < selector_.leaf_count(); ++i) {
        if (auto added = add_leaf(selector_.leaf(i), frame.received_at, out); !added) {
            out.truncate(before);
            return added;
        }
    }
    if (out.size() > before) return {};
    return Fault{Refusal::missing_field, translatable("the message has no number")};
}

Decoded<void> JsonLeavesDecoder::add_leaf(
    const JsonLeaf& leaf, model::Instant at, model::Readings& out
) const {
    model::Reading reading;
    if (leaf.scalar.kind == Kind::boolean) {
        reading.value = leaf.scalar.boolean;
    } else if (leaf.scalar.kind == Kind::number) {
        const auto number = exact_number(leaf.scalar.text);
        if (!number) return number.error();
        reading.value = *number;
    } else {
        return {};
    }
    reading.quantity = leaf.path.empty() ? "value" : out.keep(leaf.path);
    reading.observed_at = at;
    if (out.add(reading)) return {};
    return Fault{Refusal::limit_exceeded, translatable("too many readings in a message")};
}

}  // namespace

std::unique_ptr<Decoder> make_json_leaves_decoder() {
    return std::make_unique<JsonLeavesDecoder>();
}

}  // namespace gateway::decode
