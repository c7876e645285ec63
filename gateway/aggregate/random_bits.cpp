#include "gateway/aggregate/random_bits.hpp"

#include "gateway/aggregate/error.hpp"

#include <openssl/crypto.h>
#include <sys/random.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <utility>

namespace gateway::aggregate {
namespace {

constexpr unsigned kWordBits = 64;

constexpr std::uint64_t low_bits(unsigned count) {
    return count >= kWordBits ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

}  // namespace

model::Result<void> KernelEntropy::fill(std::span<std::byte> into) {
    while (!into.empty()) {
        const ssize_t got = ::getrandom(into.data(), into.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return Errc::entropy;
        into = into.subspan(static_cast<std::size_t>(got));
    }
    return {};
}

RandomBits::~RandomBits() {
    OPENSSL_cleanse(buffer_.data(), kBufferBytes);
    OPENSSL_cleanse(&word_, sizeof word_);
}

model::Result<void> RandomBits::next_word() {
    if (words_left_ == 0) {
        if (auto filled = source_.fill(std::as_writable_bytes(std::span(buffer_))); !filled)
            return filled;
        words_left_ = kWords;
    }
    word_ = std::exchange(buffer_[kWords - words_left_], 0);
    --words_left_;
    bits_left_ = kWordBits;
    return {};
}

model::Result<std::uint64_t> RandomBits::take(unsigned bits) {
    std::uint64_t value = 0;
    for (unsigned got = 0; got < bits;) {
        if (bits_left_ == 0) {
            if (const auto filled = next_word(); !filled) return filled.error();
        }
        const unsigned part = std::min(bits_left_, bits - got);
        value |= (word_ & low_bits(part)) << got;
        word_ = part == kWordBits ? 0 : word_ >> part;
        bits_left_ -= part;
        got += part;
    }
    bits_taken_ += bits;
    return value;
}

model::Result<std::uint64_t> RandomBits::below(std::uint64_t bound) {
    const auto bits = static_cast<unsigned>(std::bit_width(bound - 1));
    for (int i = 0; i < kRejectionsMax; ++i) {
        const auto value = take(bits);
        if (!value || *value < bound) return value;
    }
    return Errc::entropy;
}

}  // namespace gateway::aggregate
