#pragma once
#include "gateway/model/result.hpp"
#include "gateway/observe/firmware_report.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace gateway::firmware {

// How far a rollout goes: one device, a tenth of them, all.
enum class Stage : std::uint8_t { one, tenth, all };

// What commands ask about updates. On the reactor.
class RolloutDesk {
  public:
    // A stable word, and a sentence in the operator's language.
    struct Refusal {
        std::string code, text;
    };

    virtual ~RolloutDesk() = default;

    // Verifies and stores an update; answers its number when the disk has it.
    virtual boost::asio::awaitable<model::Result<std::uint32_t, Refusal>> add(
        std::string signed_manifest, std::string image
    ) = 0;

    // Lets an update go to devices, as far as this stage by itself; again after it has paused or
    // stopped.
    virtual boost::asio::awaitable<model::Result<void, Refusal>> roll_out(
        std::uint32_t number, Stage up_to
    ) = 0;

    // Withdraws it for good.
    virtual boost::asio::awaitable<model::Result<void, Refusal>> abort(std::uint32_t number) = 0;

    virtual observe::FirmwareReport report() const = 0;

    // The updates that have stopped, and why, as a sentence.
    virtual std::map<std::uint32_t, std::string> stops() const { return {}; }

    // Why there can be no updates, as a sentence; empty: there can.
    virtual std::string trouble() const { return {}; }
};

}  // namespace gateway::firmware
