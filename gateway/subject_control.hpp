#pragma once
#include "gateway/buffer/outbox.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/status/control.hpp"
#include "gateway/subject/desk.hpp"
#include "gateway/subject/gate.hpp"

namespace gateway {

// The desk of a running gateway: what is asked over its unix socket is done on the storage thread,
// and what the ledger has since is in force before the answer leaves. On the reactor; everything by
// reference outlives it.
class SubjectControl final : public status::Control {
  public:
    SubjectControl(
        subject::Desk& desk,
        buffer::Outbox& outbox,
        subject::Gate& gate,
        const runtime::WallClock& clock,
        observe::Log& log
    )
        : desk_(desk), outbox_(outbox), gate_(gate), clock_(clock), log_(log) {}

    boost::asio::awaitable<status::Response> answer(std::string path, std::string body) override;

  private:
    subject::Desk& desk_;
    buffer::Outbox& outbox_;
    subject::Gate& gate_;
    const runtime::WallClock& clock_;
    observe::Log& log_;
};

}  // namespace gateway
