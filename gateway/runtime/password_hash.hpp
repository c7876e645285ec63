#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::runtime {

// Passwords as they may be kept: scrypt (RFC 7914) in the PHC text form
// "$scrypt$ln=12,r=8,p=1$<salt>$<hash>", Base64 without padding. The default cost takes 4 MiB and
// some ten milliseconds, which a small board can bear while a thousand devices reconnect.
class PasswordHash {
  public:
    static constexpr std::size_t kPasswordBytesMax = 1024;
    // What is beyond these is refused when it is read: verifying it would need too much memory.
    static constexpr int kCostLogMax = 16;
    static constexpr int kBlockSizeMax = 8;
    static constexpr int kParallelMax = 4;

    // Hashes with a random salt. Nothing when the system gives no random numbers or the password is
    // longer than kPasswordBytesMax or has a zero byte.
    static std::optional<PasswordHash> of(std::string_view password);
    static std::optional<PasswordHash> parse(std::string_view text);

    // Takes as long whatever the answer. Blocks for some milliseconds: not for the reactor.
    bool matches(std::string_view password) const;

    std::string text() const;

  private:
    int cost_log_ = 12;
    int block_size_ = 8;
    int parallel_ = 1;
    std::string salt_;
    std::string hash_;
};

// A password for a device that no person has to type: 24 letters and digits, 142 bits.
std::optional<std::string> random_password();

}  // namespace gateway::runtime
