#pragma once
#include "gateway/model/result.hpp"
#include "gateway/quarantine/rejects.hpp"
#include "gateway/quarantine/writer.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/condition.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gateway::quarantine {

// Where the quarantine of a gateway is, below its state directory.
std::string vault_directory(const std::string& state_directory);

// Keeps frames that were refused, sealed for the data-protection officer. What it is given is in
// memory as it came until its thread has sealed it, soon after; a record is on the disk after
// Writer::kGroupAgeMax at the latest. On the reactor; the clock outlives it.
class Vault final : public Rejects {
  public:
    // Named bounds: what waits for the thread; a frame beyond one is not kept.
    static constexpr std::size_t kWaitingMax = 1024;
    static constexpr std::size_t kWaitingBytesMax = 8U << 20;
    static constexpr std::chrono::seconds kInterval{5};  // between two looks at what waits

    struct Figures {
        Writer::Figures written;
        std::uint64_t queue_full = 0;  // not kept, because too much waited
        std::uint64_t lost() const;    // of any cause, but for what is past its retention
    };

    // Blocks. invalid_argument: the officer's key protects nothing; otherwise what the disk says.
    static model::Result<std::unique_ptr<Vault>> open(
        const boost::asio::any_io_executor& reactor,
        const runtime::WallClock& clock,
        const settings::Settings& settings
    );

    void hold(model::Frame frame, std::string_view source, model::Refusal cause) override;

    // Seals and writes until it is closed.
    boost::asio::awaitable<void> run();

    // Answers when everything held is written, or counted as lost. run() has been started.
    boost::asio::awaitable<void> close();

    const Figures& figures() const { return figures_; }

  private:
    Vault(
        const boost::asio::any_io_executor& reactor,
        const runtime::WallClock& clock,
        const settings::Settings& settings,
        const sealing::Seal& seal
    );

    boost::asio::awaitable<void> write(bool is_last);
    Writer::Moment now() const;

    const runtime::WallClock& clock_;
    std::vector<Record> waiting_;
    std::size_t waiting_bytes_ = 0;
    Figures figures_;
    runtime::Condition changed_;
    bool closing_ = false;
    bool closed_ = false;
    Writer writer_;
    runtime::WorkerThread thread_{"quarantine"};  // ends before what it works on
};

}  // namespace gateway::quarantine
