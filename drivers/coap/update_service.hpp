#pragma once
#include "drivers/coap/message.hpp"
#include "drivers/coap/update_question.hpp"
#include "gateway/firmware/depot.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace drivers::coap {

// Answers what devices ask about their firmware; README.md has the paths. Only over DTLS, where the
// identity is the device. On the reactor; the depot outlives it.
class UpdateService {
  public:
    // Questions of a device that are under way; over it: 4.29.
    static constexpr unsigned kQuestionsMax = 4;
    // Devices whose offer is remembered; one that is forgotten asks for it again.
    static constexpr std::size_t kOffersMax = 4096;
    static constexpr std::chrono::seconds kOfferMaxAge{60};
    static constexpr std::chrono::seconds kRetryAfterRate{1};
    static constexpr std::chrono::seconds kRetryAfterFailure{60};

    UpdateService(gateway::firmware::Depot& depot, std::string source)
        : depot_(depot), source_(std::move(source)) {}

    // Nothing that is refused at once; at most kQuestionsMax of an identity are under way.
    boost::asio::awaitable<Answer> answer(Request request, UpdateQuestion question);
    bool is_full_for(const std::string& identity) const;
    static Answer too_fast();

  private:
    struct Offered {
        std::uint32_t update = 0;
        std::uint32_t size = 0;
        std::string etag;
    };

    boost::asio::awaitable<Answer> offer(const Request& request, OfferWanted device);
    boost::asio::awaitable<Answer> block(const std::string& identity, BlockWanted wanted);
    void remember(const std::string& identity, const gateway::firmware::Offer& offer);

    gateway::firmware::Depot& depot_;
    const std::string source_;
    std::unordered_map<std::string, Offered> offers_;  // of images, by identity
    std::unordered_map<std::string, unsigned> under_way_;
};

}  // namespace drivers::coap
