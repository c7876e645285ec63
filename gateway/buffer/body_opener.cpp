#include "gateway/buffer/body_opener.hpp"

#include "gateway/buffer/schema.hpp"

namespace gateway::buffer {

model::Result<std::span<const std::byte>> BodyOpener::open(
    std::uint64_t row, std::span<const std::byte> body
) {
    const SegmentKey name = key_of(body);
    if (name.is_none()) return body;
    const auto key = keys_.find(row >> kSequenceBits, name);
    if (!key) return key.error();
    const bool is_open = *key != nullptr && open_body(**key, row, body, opened_);
    return is_open ? std::span<const std::byte>(opened_) : std::span<const std::byte>{};
}

}  // namespace gateway::buffer
