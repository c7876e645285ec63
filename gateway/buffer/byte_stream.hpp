#pragma once
// Variable-length integers (LEB128: seven bits a byte, the lowest first, the high bit says that
// more follow) and ZigZag, as in Protocol Buffers.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace gateway::buffer {

using Bytes = std::vector<std::byte>;

constexpr std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

constexpr std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

// Differences wrap around, so that any two values have one.
constexpr std::int64_t difference(std::int64_t value, std::int64_t from) {
    return static_cast<std::int64_t>(
        static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(from)
    );
}

constexpr std::int64_t sum(std::int64_t from, std::int64_t step) {
    return static_cast<std::int64_t>(
        static_cast<std::uint64_t>(from) + static_cast<std::uint64_t>(step)
    );
}

inline void append_varint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::byte>(value | 0x80));
    out.push_back(static_cast<std::byte>(value));
}

inline void append_text(Bytes& out, std::string_view text) {
    append_varint(out, text.size());
    const auto bytes = std::as_bytes(std::span(text));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

// Reads what the functions above wrote. After a fault ok() is false and everything reads as zero.
class ByteInput {
  public:
    ByteInput() = default;
    explicit ByteInput(std::span<const std::byte> bytes)
        : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

    bool ok() const { return ok_; }
    std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

    std::uint64_t varint() {
        if (at_ != end_ && std::to_integer<unsigned>(*at_) < 0x80)
            return std::to_integer<std::uint64_t>(*at_++);
        return long_varint();
    }

    std::span<const std::byte> take(std::uint64_t size) {
        if (size > left()) {
            fail();
            return {};
        }
        const std::span<const std::byte> taken(at_, static_cast<std::size_t>(size));
        at_ += size;
        return taken;
    }

    std::string_view text() {
        const auto bytes = take(varint());
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

  private:
    std::uint64_t long_varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
            const auto byte = std::to_integer<std::uint64_t>(*at_++);
            value |= (byte & 0x7f) << shift;
            if (byte < 0x80) return value;
        }
        fail();
        return 0;
    }

    void fail() {
        ok_ = false;
        at_ = end_;
    }

    const std::byte* at_ = nullptr;
    const std::byte* end_ = nullptr;
    bool ok_ = true;
};

}  // namespace gateway::buffer
