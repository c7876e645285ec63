#pragma once
#include "gateway/aggregate/random_bits.hpp"

#include <cstring>
#include <random>

namespace tests::support {

// Random bytes that follow from a seed, the same on every machine.
class SeededEntropy final : public gateway::aggregate::EntropySource {
  public:
    explicit SeededEntropy(std::uint64_t seed) : engine_(seed) {}

    gateway::model::Result<void> fill(std::span<std::byte> into) override {
        while (!into.empty()) {
            const std::uint64_t word = engine_();
            const std::size_t size = std::min(into.size(), sizeof word);
            std::memcpy(into.data(), &word, size);
            into = into.subspan(size);
        }
        return {};
    }

  private:
    std::mt19937_64 engine_;
};

}  // namespace tests::support
