#pragma once
#include "gateway/model/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace gateway::aggregate {

// Where random bytes come from; injected so that tests can repeat what they saw.
class EntropySource {
  public:
    virtual ~EntropySource() = default;

    // Fills all of it with independent uniform bytes, or answers why it cannot.
    virtual model::Result<void> fill(std::span<std::byte> into) = 0;
};

// The kernel's generator, by getrandom(2): it waits until the kernel has been seeded, which may
// block early in a boot. The only source that noise and keys of the gateway are drawn from.
class KernelEntropy final : public EntropySource {
  public:
    model::Result<void> fill(std::span<std::byte> into) override;
};

// Uniform integers out of a source, exact: no floating point, no remainder that favours small
// numbers. A small buffer saves calls of the source; bits that were used are wiped, and all of it
// when it goes. One thread at a time.
class RandomBits {
  public:
    static constexpr std::size_t kBufferBytes = 256;  // getrandom(2) never cuts that short
    // Each draw is rejected with a chance below 1/2: only a source that is none gets so far.
    static constexpr int kRejectionsMax = 1024;

    // `source` must outlive it.
    explicit RandomBits(EntropySource& source) : source_(source) {}
    ~RandomBits();
    RandomBits(const RandomBits&) = delete;
    RandomBits& operator=(const RandomBits&) = delete;

    // Uniform in 0 ... bound - 1, by rejection; `bound` is at least 1, and 1 takes no bit.
    // Errc::entropy, or the source's own error.
    model::Result<std::uint64_t> below(std::uint64_t bound);

    // How many bits were taken since the start: two runs that take the same bits for different
    // inputs have no branch that depends on them.
    std::uint64_t bits_taken() const { return bits_taken_; }

  private:
    static constexpr std::size_t kWords = kBufferBytes / sizeof(std::uint64_t);

    model::Result<std::uint64_t> take(unsigned bits);
    model::Result<void> next_word();

    EntropySource& source_;
    std::array<std::uint64_t, kWords> buffer_{};
    std::size_t words_left_ = 0;
    std::uint64_t word_ = 0;
    unsigned bits_left_ = 0;  // in word_
    std::uint64_t bits_taken_ = 0;
};

}  // namespace gateway::aggregate
