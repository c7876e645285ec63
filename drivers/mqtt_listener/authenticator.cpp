#include "drivers/mqtt_listener/authenticator.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace drivers::mqtt_listener {

namespace asio = boost::asio;
using gateway::runtime::PasswordHash;

namespace {

// One hash of a password, on the thread.
struct Verification {
    std::shared_ptr<const Accounts> accounts;
    std::shared_ptr<const PasswordHash> nobody;
    std::string name;
    std::string password;

    bool operator()() {
        const PasswordHash* hash = accounts->find(name);
        const bool matches = (hash != nullptr ? *hash : *nobody).matches(password);
        OPENSSL_cleanse(password.data(), password.size());
        return hash != nullptr && matches;
    }
};

}  // namespace

Authenticator::Authenticator(Accounts accounts)
    : accounts_(std::make_shared<const Accounts>(std::move(accounts))) {
    auto nobody = PasswordHash::of("");
    if (!nobody || RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1)
        throw std::runtime_error("the system gives no random numbers");
    nobody_ = std::make_shared<const PasswordHash>(std::move(*nobody));
}

Authenticator::~Authenticator() {
    OPENSSL_cleanse(key_.data(), key_.size());
}

void Authenticator::replace(Accounts accounts) {
    accounts_ = std::make_shared<const Accounts>(std::move(accounts));
    verified_.clear();
}

asio::awaitable<Authenticator::Verdict> Authenticator::verify(
    std::string name, std::string password
) {
    const Digest presented = digest(name, password);
    if (is_known(name, presented)) co_return Verdict::accepted;
    if (waiting_ >= kWaitingMax) co_return Verdict::busy;
    const auto accounts = accounts_;
    Verification work{accounts, nobody_, name, std::move(password)};
    ++waiting_;
    const bool matches = co_await thread_.run(std::move(work));
    --waiting_;
    if (!matches) co_return Verdict::refused;
    if (hash_in(*accounts, name) != hash_of(name)) co_return Verdict::refused;
    // Only while the accounts are those it was verified against; at most one entry an account.
    if (accounts == accounts_) verified_[name] = presented;
    co_return Verdict::accepted;
}

std::string Authenticator::hash_in(const Accounts& accounts, std::string_view name) {
    const PasswordHash* hash = accounts.find(name);
    return hash == nullptr ? std::string{} : hash->text();
}

Authenticator::Digest Authenticator::digest(const std::string& name, const std::string& password)
    const {
    // The name has no zero byte, so that the two cannot run into each other.
    std::string text = name;
    text += '\0';
    text += password;
    Digest made{};
    unsigned size = 0;
    HMAC(
        EVP_sha256(),
        key_.data(),
        static_cast<int>(key_.size()),
        reinterpret_cast<const unsigned char*>(text.data()),
        text.size(),
        made.data(),
        &size
    );
    OPENSSL_cleanse(text.data(), text.size());
    return made;
}

bool Authenticator::is_known(const std::string& name, const Digest& digest) const {
    const auto found = verified_.find(name);
    return found != verified_.end() &&
           CRYPTO_memcmp(found->second.data(), digest.data(), digest.size()) == 0;
}

}  // namespace drivers::mqtt_listener
