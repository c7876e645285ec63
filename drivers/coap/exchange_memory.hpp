#pragma once
#include "drivers/coap/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

namespace drivers::coap {

// Recognises a request that was sent again (RFC 7252, 4.2 and 4.5; the library does not), so that
// it is processed once and answered as before. Remembers for EXCHANGE_LIFETIME, at most
// kExchangesMax requests, the oldest forgotten first. A message id alone does not make a
// repetition: a device that restarted may count from the beginning again, and another reading
// must not be taken for the one that is stored.
class ExchangeMemory {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kExchangesMax = 16 * 1024;
    static constexpr std::chrono::seconds kExchangeLifetime{247};  // RFC 7252, 4.8.2

    struct Exchange {
        std::string key;                // sender and message id
        std::uint64_t fingerprint = 0;  // of everything else
        Clock::time_point since;
        std::optional<Answer> answer{};
    };

    // The exchange a request repeats; null if it is a new one, which is remembered from now on.
    const Exchange* find_or_begin(const Request& request, Clock::time_point now);

    // Keeps the answer for repetitions of the request.
    void answer(const std::string& sender, std::uint16_t message_id, const Answer& answer);

    std::size_t size() const { return exchanges_.size(); }

  private:
    void forget_oldest();

    std::list<Exchange> exchanges_;  // oldest first
    std::unordered_map<std::string_view, std::list<Exchange>::iterator> by_key_;
};

}  // namespace drivers::coap
