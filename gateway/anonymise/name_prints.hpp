#pragma once
#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace gateway::anonymise {

// Names for tables that outlive a frame, without a name being in them: SipHash-2-4 of 128 bits with
// a key that is random for each object. Two names have the same print as often as two random
// numbers of 128 bits are the same.
class NamePrints {
  public:
    using Print = std::array<std::byte, 16>;
    struct Hash {  // of what is evenly spread by itself
        std::size_t operator()(const Print& print) const {
            std::size_t hash = 0;
            std::memcpy(&hash, print.data(), sizeof hash);
            return hash;
        }
    };

    NamePrints();

    Print of(std::string_view name) const;

  private:
    std::array<unsigned char, 16> key_{};
};

}  // namespace gateway::anonymise
