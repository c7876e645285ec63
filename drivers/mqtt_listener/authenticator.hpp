#pragma once
#include "drivers/mqtt_listener/accounts.hpp"
#include "gateway/runtime/worker_thread.hpp"

#include <boost/asio/awaitable.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

namespace drivers::mqtt_listener {

// Verifies passwords on a thread of its own, since one takes milliseconds. What was verified once
// is known again at once: a thousand devices that reconnect after a cut do not wait for each other.
// On the reactor.
class Authenticator {
  public:
    // Verifications that wait for the thread; beyond it a device is told to come back.
    static constexpr std::size_t kWaitingMax = 256;

    enum class Verdict { accepted, refused, busy };

    explicit Authenticator(Accounts accounts);
    ~Authenticator();
    Authenticator(const Authenticator&) = delete;
    Authenticator& operator=(const Authenticator&) = delete;

    // Takes as long for a name that nobody has as for a wrong password. Accepted: the account is
    // among those that hold when it returns.
    boost::asio::awaitable<Verdict> verify(std::string name, std::string password);

    // From now on these accounts hold.
    void replace(Accounts accounts);

    // The hash that the account has now; empty where nobody has that name.
    std::string hash_of(std::string_view name) const { return hash_in(*accounts_, name); }

  private:
    using Digest = std::array<unsigned char, 32>;

    static std::string hash_in(const Accounts& accounts, std::string_view name);
    Digest digest(const std::string& name, const std::string& password) const;
    bool is_known(const std::string& name, const Digest& digest) const;

    // Read by the thread while it verifies, replaced as a whole by the reactor.
    std::shared_ptr<const Accounts> accounts_;
    std::shared_ptr<const gateway::runtime::PasswordHash> nobody_;
    Digest key_{};  // of the digests; random in each run, never stored
    std::unordered_map<std::string, Digest> verified_;
    std::size_t waiting_ = 0;
    gateway::runtime::WorkerThread thread_{"passwords"};
};

}  // namespace drivers::mqtt_listener
