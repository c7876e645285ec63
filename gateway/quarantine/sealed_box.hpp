#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::quarantine {

// A pair of X25519 keys (RFC 7748) as texts, see gateway/runtime/key_text.hpp.
struct OfficerKeys {
    std::string public_key;   // into the configuration
    std::string private_key;  // never on the gateway
};
OfficerKeys make_officer_keys();

// Seals for one officer with libsodium's sealed box: a fresh X25519 key for each,
// XSalsa20-Poly1305. Who has sealed something cannot open it.
class Seal {
  public:
    static constexpr std::size_t kOverheadBytes = 48;

    // Nothing when it is no public key, or one that protects nothing.
    static std::optional<Seal> for_officer(std::string_view public_key);

    std::string seal(std::string_view bytes) const;

  private:
    std::array<unsigned char, 32> public_key_{};
};

// What the officer opens them with.
class Opener {
  public:
    static std::optional<Opener> with(std::string_view private_key);
    Opener(Opener&&) noexcept;
    Opener& operator=(Opener&&) = delete;
    Opener(const Opener&) = delete;
    Opener& operator=(const Opener&) = delete;
    ~Opener();

    // Nothing when it was sealed for somebody else, or changed.
    std::optional<std::string> open(std::string_view sealed) const;

  private:
    Opener() = default;

    std::array<unsigned char, 32> public_key_{};
    std::array<unsigned char, 32> private_key_{};
};

}  // namespace gateway::quarantine
