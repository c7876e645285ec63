#pragma once
#include "gateway/model/result.hpp"
#include "gateway/observe/firmware_report.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>

namespace gateway::firmware {

// How far a rollout goes by itself.
enum class Stage : std::uint8_t { one, tenth, all };

// Where an operator decides about updates. On the reactor.
class RolloutDesk {
  public:
    struct Refusal {
        std::string code, text;  // a stable word, a sentence in the operator's language
    };

    virtual ~RolloutDesk() = default;

    virtual boost::asio::awaitable<model::Result<std::uint32_t, Refusal>> add(
        std::string signed_manifest, std::string image
    ) = 0;
    virtual boost::asio::awaitable<model::Result<void, Refusal>> roll_out(
        std::uint32_t number, Stage up_to
    ) = 0;
    virtual boost::asio::awaitable<model::Result<void, Refusal>> abort(std::uint32_t number) = 0;
    virtual observe::FirmwareReport report() const = 0;
};

}  // namespace gateway::firmware
