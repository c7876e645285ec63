#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/time.hpp"

#include <cstddef>
#include <memory_resource>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace gateway::model {

struct Position {  // WGS 84, degrees
    Decimal latitude;
    Decimal longitude;

    bool operator==(const Position&) const = default;
};

// What a device sent as a value. Only numbers and booleans (as 0 and 1) are stored; texts can be
// shown by `decode`.
using Value = std::variant<Decimal, bool, std::string_view>;

struct Attribute {
    std::string_view name;
    std::variant<Decimal, bool, std::string_view, Position> value;
};

// One measurement as decoded, personal until a policy has made a PublicReading of it. A view: its
// texts live in the frame or in the Readings that holds it.
struct Reading {
    std::string_view device;  // may be empty: then the topic's {device} level or the peer names it
    std::string_view
        quantity;  // vocabulary name where the format knows it, otherwise the sender's own name
    Value value;
    std::string_view unit;  // UCUM; empty if the sender gave none
    Instant observed_at{};
    TimeQuality time_quality = TimeQuality::gateway;
    std::span<const Attribute> attributes;
};

// The readings of one frame together with the memory their texts need. Reused from frame to frame:
// after the first few frames a decoder allocates nothing. Not thread-safe; everything in it is
// invalid after clear().
class Readings {
  public:
    Readings() = default;
    Readings(const Readings&) = delete;
    Readings& operator=(const Readings&) = delete;

    // Named bound: a frame may not hold more (Refusal::limit_exceeded).
    static constexpr std::size_t kReadingsPerFrameMax = 10'000;
    static constexpr std::size_t kAttributesPerReadingMax = 64;

    void clear();
    bool empty() const { return readings_.empty(); }
    std::size_t size() const { return readings_.size(); }
    std::span<Reading> all() { return readings_; }
    std::span<const Reading> all() const { return readings_; }

    // Adds a reading; false when the frame is full.
    [[nodiscard]] bool add(const Reading& reading);

    // Copies a text that does not outlive the decoder's own buffers.
    std::string_view keep(std::string_view text);

    // Room for `size` bytes that lives as long as the readings; for decoders that build texts (hex,
    // joined names).
    std::span<char> room(std::size_t size);

    // Copies a list of attributes; their texts are not copied.
    std::span<const Attribute> keep(std::span<const Attribute> attributes);

    // Takes back everything added since `size` readings (a frame that turns out malformed stores
    // nothing).
    void truncate(std::size_t size) { readings_.resize(size); }

  private:
    static constexpr std::size_t kArenaStart = 64 * 1024;
    std::vector<std::byte> start_ = std::vector<std::byte>(kArenaStart);
    std::pmr::monotonic_buffer_resource arena_{start_.data(), start_.size()};
    std::vector<Reading> readings_;
};

}  // namespace gateway::model
