#include "gateway/runtime/password_hash.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <cstdint>

namespace gateway::runtime {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kPasswordLetters = 24;
constexpr std::string_view kPrefix = "$scrypt$";

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string to_base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(text.data()),
        bytes_of(bytes),
        static_cast<int>(bytes.size())
    );
    text.resize(static_cast<std::size_t>(size));
    text.erase(text.find_last_not_of('=') + 1);
    return text;
}

std::optional<std::string> from_base64(std::string_view text, std::size_t size) {
    if (text.size() != (size * 8 + 5) / 6) return std::nullopt;
    std::string padded{text};
    padded.append((4 - padded.size() % 4) % 4, '=');
    std::string bytes(padded.size() / 4 * 3, '\0');
    const int decoded = EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(bytes.data()),
        bytes_of(padded),
        static_cast<int>(padded.size())
    );
    if (decoded < static_cast<int>(size)) return std::nullopt;
    bytes.resize(size);
    return bytes;
}

// Cuts `text` behind the next '$', and answers what stood before it.
std::string_view next_part(std::string_view& text) {
    const std::string_view part = text.substr(0, text.find('$'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return part;
}

// "ln=12": takes the number after `name`.
std::optional<int> next_number(std::string_view& text, std::string_view name, int max) {
    if (!text.starts_with(name)) return std::nullopt;
    text.remove_prefix(name.size());
    int number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || number < 1 || number > max) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

// What scrypt makes of a password: kHashBytes, or nothing when there is not enough memory.
std::string derive(
    std::string_view password, std::string_view salt, int cost_log, int block_size, int parallel
) {
    constexpr std::uint64_t kMemoryMax = 128ULL << 20;
    std::string hash(kHashBytes, '\0');
    const int done = EVP_PBE_scrypt(
        password.data(),
        password.size(),
        bytes_of(salt),
        salt.size(),
        std::uint64_t{1} << cost_log,
        static_cast<std::uint64_t>(block_size),
        static_cast<std::uint64_t>(parallel),
        kMemoryMax,
        reinterpret_cast<unsigned char*>(hash.data()),
        hash.size()
    );
    if (done != 1) hash.clear();
    return hash;
}

// HMAC, inside scrypt, fills a short password up with zero bytes: one that ends with them would be
// the same as without.
bool is_usable(std::string_view password) {
    return password.size() <= PasswordHash::kPasswordBytesMax &&
           password.find('\0') == std::string_view::npos;
}

std::optional<std::string> random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1)
        return std::nullopt;
    return bytes;
}

}  // namespace

std::optional<PasswordHash> PasswordHash::of(std::string_view password) {
    auto salt = random_bytes(kSaltBytes);
    if (!salt || !is_usable(password)) return std::nullopt;
    PasswordHash made;
    made.salt_ = std::move(*salt);
    made.hash_ = derive(password, made.salt_, made.cost_log_, made.block_size_, made.parallel_);
    if (made.hash_.empty()) return std::nullopt;
    return made;
}

std::optional<PasswordHash> PasswordHash::parse(std::string_view text) {
    if (!text.starts_with(kPrefix)) return std::nullopt;
    text.remove_prefix(kPrefix.size());
    std::string_view cost = next_part(text);
    const auto cost_log = next_number(cost, "ln=", kCostLogMax);
    const auto block_size = next_number(cost, ",r=", kBlockSizeMax);
    const auto parallel = next_number(cost, ",p=", kParallelMax);
    if (!cost_log || !block_size || !parallel || !cost.empty()) return std::nullopt;
    auto salt = from_base64(next_part(text), kSaltBytes);
    auto hash = from_base64(text, kHashBytes);
    if (!salt || !hash) return std::nullopt;
    PasswordHash parsed;
    parsed.cost_log_ = *cost_log;
    parsed.block_size_ = *block_size;
    parsed.parallel_ = *parallel;
    parsed.salt_ = std::move(*salt);
    parsed.hash_ = std::move(*hash);
    return parsed;
}

bool PasswordHash::matches(std::string_view password) const {
    if (!is_usable(password)) return false;
    const std::string derived = derive(password, salt_, cost_log_, block_size_, parallel_);
    return derived.size() == hash_.size() &&
           CRYPTO_memcmp(derived.data(), hash_.data(), hash_.size()) == 0;
}

std::string PasswordHash::text() const {
    std::string text{kPrefix};
    text += "ln=" + std::to_string(cost_log_);
    text += ",r=" + std::to_string(block_size_);
    text += ",p=" + std::to_string(parallel_);
    text += '$' + to_base64(salt_);
    text += '$' + to_base64(hash_);
    return text;
}

std::optional<std::string> random_password() {
    constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    // A byte beyond the last whole multiple would make some letters likelier than others.
    constexpr unsigned kFair = 256 / kLetters.size() * kLetters.size();
    std::string password;
    while (password.size() < kPasswordLetters) {
        const auto bytes = random_bytes(kPasswordLetters);
        if (!bytes) return std::nullopt;
        for (const char byte : *bytes) {
            const auto number = static_cast<unsigned char>(byte);
            if (number < kFair && password.size() < kPasswordLetters)
                password += kLetters[number % kLetters.size()];
        }
    }
    return password;
}

}  // namespace gateway::runtime
