#pragma once
#include "gateway/aggregate/error.hpp"
#include "gateway/aggregate/random_bits.hpp"

#include <cstring>
#include <random>

namespace tests::unit {

// The given bits first, the lowest of them first, then others.
class ScriptedEntropy final : public gateway::aggregate::EntropySource {
  public:
    explicit ScriptedEntropy(std::uint64_t bits, unsigned count = 64)
        : bits_(bits), count_(count) {}

    gateway::model::Result<void> fill(std::span<std::byte> into) override {
        for (auto& byte : into) byte = static_cast<std::byte>(others_());
        std::uint64_t first = 0;
        std::memcpy(&first, into.data(), sizeof first);
        const std::uint64_t mask =
            count_ >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count_) - 1;
        first = (first & ~mask) | (bits_ & mask);
        std::memcpy(into.data(), &first, sizeof first);
        count_ = 0;
        return {};
    }

  private:
    std::minstd_rand others_;
    std::uint64_t bits_;
    unsigned count_;
};

// Every byte the same: no source at all.
class StuckEntropy final : public gateway::aggregate::EntropySource {
  public:
    explicit StuckEntropy(unsigned char byte) : byte_(byte) {}

    gateway::model::Result<void> fill(std::span<std::byte> into) override {
        std::memset(into.data(), byte_, into.size());
        return {};
    }

  private:
    unsigned char byte_;
};

// Fails after so many calls.
class FailingEntropy final : public gateway::aggregate::EntropySource {
  public:
    FailingEntropy(gateway::aggregate::EntropySource& source, int calls)
        : source_(source), calls_left_(calls) {}

    gateway::model::Result<void> fill(std::span<std::byte> into) override {
        if (calls_left_-- <= 0) return gateway::aggregate::Errc::entropy;
        return source_.fill(into);
    }

  private:
    gateway::aggregate::EntropySource& source_;
    int calls_left_;
};

}  // namespace tests::unit
