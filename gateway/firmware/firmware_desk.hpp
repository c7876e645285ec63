#pragma once
#include "gateway/firmware/depot.hpp"
#include "gateway/firmware/firmware_store.hpp"
#include "gateway/firmware/piece_rate.hpp"
#include "gateway/firmware/rollout.hpp"
#include "gateway/firmware/rollout_desk.hpp"
#include "gateway/firmware/signed_manifest.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/worker_thread.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::firmware {

// Updates of devices: what the ways in and the commands ask of a Rollout and its store. Nothing is
// said before the disk has it, and nothing is offered that is not verified in the moment of the
// offer. On the reactor; the store is used on a thread of its own.
class FirmwareDesk final : public Depot, public RolloutDesk {
  public:
    struct Environment {
        const runtime::WallClock& clock;
        observe::Log& log;
        std::vector<PublicKey> keys;  // that updates are signed with
        Rollout::Identify identify;
    };

    // Blocks. A store that cannot be used keeps nobody from taking readings: there are no updates
    // then, and trouble() says why.
    FirmwareDesk(Environment environment, std::string path);
    ~FirmwareDesk() override;

    boost::asio::awaitable<std::optional<Offer>> introduce(Device device) override;
    boost::asio::awaitable<model::Result<std::string, NoPiece>> piece(
        std::string source,
        std::string name,
        std::uint32_t update,
        std::uint32_t offset,
        std::size_t size
    ) override;
    boost::asio::awaitable<bool> report(std::string source, std::string name, Progress progress)
        override;

    boost::asio::awaitable<model::Result<std::uint32_t, Refusal>> add(
        std::string signed_manifest, std::string image
    ) override;
    boost::asio::awaitable<model::Result<void, Refusal>> roll_out(std::uint32_t number, Stage up_to)
        override;
    boost::asio::awaitable<model::Result<void, Refusal>> abort(std::uint32_t number) override;
    observe::FirmwareReport report() const override;
    std::map<std::uint32_t, std::string> stops() const override;
    std::string trouble() const override;

    // Verifies the images of updates that are under way, and does what time brings about, once a
    // minute, until it is cancelled.
    boost::asio::awaitable<void> keep_watch();

  private:
    boost::asio::awaitable<bool> store_changes();
    boost::asio::awaitable<bool> has_sound_image(std::uint32_t number);
    std::optional<Offer> offer_of(const Update& update);
    void note_failure(const boost::system::error_code& why);
    std::string failure_text(const boost::system::error_code& why) const;
    Refusal refusal_of(const FirmwareStore::NotAdded& fault, bool is_settings) const;
    Refusal refusal_of(const std::string& objection, bool is_settings) const;
    Refusal broken() const;

    Environment environment_;
    std::string path_;  // of the store
    Rollout rollout_;
    PieceRate rate_;
    boost::system::error_code failure_;     // of the store; none: it works
    std::unique_ptr<FirmwareStore> store_;  // on the thread
    runtime::WorkerThread thread_{"firmware"};
};

}  // namespace gateway::firmware
