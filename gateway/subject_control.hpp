#pragma once
#include "gateway/buffer/outbox.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/people.hpp"
#include "gateway/pipeline.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/status/control.hpp"
#include "gateway/subject/desk.hpp"

namespace gateway {

// The desk of a running gateway: what is asked over its unix socket is done on the storage thread,
// and what the ledger has since is in force before the answer leaves; whose data are erased is in
// no list of devices then. On the reactor; everything by reference outlives it.
class SubjectControl final : public status::Control {
  public:
    struct Surroundings {
        const settings::Settings& settings;  // as the pipeline has them
        const runtime::WallClock& clock;
        observe::Log& log;
    };

    SubjectControl(People& people, Pipeline& pipeline, buffer::Outbox& outbox, Surroundings around)
        : people_(people), pipeline_(pipeline), outbox_(outbox), around_(around) {}

    // Never a technician: who sees readings under their stored names, and may ask for those of an
    // identity, knows who is who.
    status::Standing needed(std::string_view /*path*/) const override {
        return status::Standing::owner;
    }
    boost::asio::awaitable<status::Response> answer(std::string path, std::string body) override;

  private:
    void forget(const subject::Desk::ErasedDevice& erased);
    void tell_of(const std::string& path);

    People& people_;
    Pipeline& pipeline_;
    buffer::Outbox& outbox_;
    Surroundings around_;
};

}  // namespace gateway
