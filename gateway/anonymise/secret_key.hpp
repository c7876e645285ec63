#pragma once
#include <array>
#include <cstddef>
#include <memory>
#include <span>

namespace gateway::anonymise {

// A 256-bit secret, zero until it is written. Its bytes are in a page of their own, between two
// that cannot be touched, out of swap (as far as RLIMIT_MEMLOCK lets, see runtime/memory_lock.hpp)
// and out of core dumps; they are wiped when it goes. Move-only, so that no copy stays behind; what
// was moved from can only be assigned to or destroyed.
class Key {
  public:
    static constexpr std::size_t kBytes = 32;
    Key();  // throws std::bad_alloc

    std::span<unsigned char, kBytes> bytes() { return *bytes_; }
    std::span<const unsigned char, kBytes> bytes() const { return *bytes_; }

  private:
    using Bytes = std::array<unsigned char, kBytes>;
    struct Release {
        void operator()(Bytes* bytes) const noexcept;
    };
    std::unique_ptr<Bytes, Release> bytes_;
};

}  // namespace gateway::anonymise
