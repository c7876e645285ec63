#pragma once
#include "drivers/coap/block_assembly.hpp"
#include "drivers/coap/coap_server.hpp"
#include "drivers/coap/confirmable_budget.hpp"
#include "drivers/coap/exchange_memory.hpp"
#include "drivers/coap/update_service.hpp"
#include "drivers/driver.hpp"
#include "drivers/surroundings.hpp"
#include "gateway/ingest/access.hpp"
#include "gateway/runtime/device_keys.hpp"
#include "gateway/runtime/file_change.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace drivers::coap {

// Takes readings that devices POST or PUT over CoAP, plain or DTLS. A confirmable request gets an
// empty acknowledgement at once and its 2.04 as a separate response after the commit; README.md has
// the whole contract. The sink, the clock and the log outlive the driver.
class CoapDriver final : public Driver {
  public:
    // Frames that wait for their commit; over it a request is answered 5.03.
    static constexpr std::size_t kFramesPendingMax = 1024;
    static constexpr std::size_t kPeerFramesPendingMax = 64;
    static constexpr std::chrono::seconds kStopWaitMax{5};
    // What a 5.03 asks the sender to wait (RFC 7252, 5.9.3.4).
    static constexpr std::chrono::seconds kRetryAfterOverload{5};
    static constexpr std::chrono::seconds kRetryAfterFailure{60};

    CoapDriver(const gateway::settings::Source& source, Surroundings around);
    ~CoapDriver() override;

    gateway::model::Result<void> start() override;
    boost::asio::awaitable<void> stop() override;
    DriverState state() const override;

  private:
    using Leave = gateway::ingest::Access::Leave;

    gateway::model::Result<void> open();
    gateway::model::Result<gateway::runtime::DeviceKeys> read_keys();
    boost::asio::awaitable<void> watch_keys();
    CoapServer::Reaction on_request(Request request, Ticket ticket);
    CoapServer::Reaction on_update_request(Request request, Ticket ticket);
    std::optional<Answer> on_reading(Request request, Ticket ticket);
    std::optional<Answer> answer_at_once(Request& request);
    std::optional<Answer> assemble(Request& request);
    Leave leave_of(const Request& request);
    Answer refused(gateway::model::Refusal cause, Answer answer);
    Answer too_large() const;
    bool is_full_for(const std::string& sender) const;
    boost::asio::awaitable<void> take(Request request, Ticket ticket);
    boost::asio::awaitable<void> answer_update(
        Request request, UpdateQuestion question, Ticket ticket
    );
    Answer answer_to(const gateway::model::Decoded<gateway::ingest::Receipt>& receipt) const;
    void finish(const Request& request, const Ticket& ticket, Answer answer);
    void note_settled();

    const gateway::settings::CoapServer settings_;
    const std::string name_;
    const std::string format_;
    const std::uint32_t payload_bytes_max_;
    const gateway::model::SourceId id_;
    gateway::ingest::FrameSink& sink_;
    boost::asio::any_io_executor reactor_;
    const gateway::runtime::WallClock& clock_;
    gateway::observe::Log& log_;

    gateway::ingest::Access access_;
    std::unique_ptr<CoapServer> server_;
    gateway::runtime::FileChange keys_change_;
    ExchangeMemory exchanges_;
    BlockAssembly bodies_;
    ConfirmableBudget confirmable_;
    std::optional<UpdateService> updates_;  // nothing: there are none
    std::size_t pending_ = 0;
    std::unordered_map<std::string, std::size_t> pending_by_sender_;
    std::uint64_t frames_ = 0;
    bool is_stopping_ = false;
    std::string detail_;
    boost::asio::steady_timer settled_;
    gateway::runtime::TaskGroup tasks_;
};

}  // namespace drivers::coap
