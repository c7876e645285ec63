#pragma once
#include "gateway/anonymise/policy.hpp"
#include "gateway/anonymise/pseudonym.hpp"
#include "gateway/anonymise/token_source.hpp"
#include "gateway/buffer/outbox.hpp"
#include "gateway/decode/decoder.hpp"
#include "gateway/ingest/admission.hpp"
#include "gateway/ingest/duplicate_guard.hpp"
#include "gateway/ingest/frame_fields.hpp"
#include "gateway/ingest/frame_sink.hpp"
#include "gateway/ingest/session_memory.hpp"
#include "gateway/observe/device_table.hpp"
#include "gateway/quarantine/rejects.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/status/tail.hpp"
#include "gateway/subject/gate.hpp"

#include <boost/asio/awaitable.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

// What the pipeline counted for one source in this run.
struct SourceFigures {
    std::uint64_t frames = 0;
    std::uint64_t stored = 0;
    std::uint64_t refused = 0;
    // Of these, what belongs to no device that could be told.
    std::array<std::uint64_t, model::kRefusalCount> unnamed{};
    std::optional<model::Instant> last_frame;  // a stamp
};

// The tokens of the outbox's vault.
class Vault final : public anonymise::TokenSource {
  public:
    explicit Vault(buffer::Outbox& outbox) : outbox_(outbox) {}
    model::Decoded<std::string> token(
        std::string_view dataset, const anonymise::Pseudonymiser::Fingerprint& identity
    ) override;
    std::uint64_t generation() const override;

  private:
    buffer::Outbox& outbox_;
};

// The way of a frame through the rooms: admit, decode, anonymise, append, wait for the commit.
// Everything up to the append happens without suspension, so that one set of buffers serves all
// frames. Beside it, the memory of marked frames. Lives on the reactor.
class Pipeline final : public ingest::FrameSink, public ingest::SessionMemory {
  public:
    // Named bound: frames that wait for their commit; beyond it a frame is refused as overloaded.
    static constexpr std::size_t kFramesInFlightMax = 64 * 1024;

    // `settings` is checked; everything by reference outlives the pipeline. `guard_key` is random.
    Pipeline(
        const settings::Settings& settings,
        buffer::Outbox& outbox,
        anonymise::KeySource& keys,
        const runtime::WallClock& clock,
        std::string guard_key
    );

    // Every reading is asked about there from now on; the gate outlives the pipeline.
    void ask_at(subject::Gate& gate) { gate_ = &gate; }

    // Makes every key that is needed now; an error means that nothing could be anonymised. Called
    // before the first marked frame.
    model::Result<void> prepare();

    model::Decoded<ingest::Pending> submit(model::Frame frame) override;
    std::optional<model::Decoded<ingest::Receipt>> settled_already(const ingest::Pending& pending
    ) override;
    boost::asio::awaitable<model::Decoded<ingest::Receipt>> settled(ingest::Pending pending
    ) override;

    void count_refused(model::SourceId source, model::Refusal cause) override;

    bool knows(std::string_view session) override;
    boost::asio::awaitable<model::Decoded<void>> remember(std::string session) override;
    std::vector<std::uint16_t> held(std::string_view session) override;
    boost::asio::awaitable<model::Decoded<void>> release(
        std::string session, std::uint16_t packet_id
    ) override;
    boost::asio::awaitable<model::Decoded<void>> forget(std::string session) override;

    // From now on frames that are refused for good, in whole or in part, go to `rejects`, where
    // quarantine::is_kept says so. It outlives the pipeline.
    void keep_rejects(quarantine::Rejects& rejects) { rejects_ = &rejects; }

    // From now on what is stored and refused is shown there to who follows it. It outlives the
    // pipeline.
    void show_to(status::Tail& tail) { tail_ = &tail; }

    // What has worked on frames since the last call holds nothing of them any more. Between frames.
    void forget_frames();

    // Takes the frames of one more source, of a dataset that the pipeline knows, under the number
    // that this answers. The figures of a source that is gone stay.
    model::SourceId add_source(const settings::Source& source, const settings::Settings& settings);

    // From now on every frame is refused as stopping.
    void close() { closed_ = true; }

    const SourceFigures& figures(model::SourceId source) const { return route(source).figures; }
    // Of every source since the start, by its SourceId; one that was exchanged is there twice.
    std::size_t sources() const { return routes_.size(); }
    const std::string& source_name(model::SourceId source) const { return route(source).name; }
    std::uint64_t fields_dropped() const;
    std::uint64_t undated() const { return undated_; }  // stored without a date in this run
    // By dataset, in the order of the settings.
    observe::DeviceTable& devices() { return devices_; }
    const observe::DeviceTable& devices() const { return devices_; }
    std::size_t frames_in_flight() const { return in_flight_; }

    // A keyed hash of a device's name on a way in, for what outlives this run.
    buffer::SessionId device_id(std::string_view source, std::string_view name) const;

  private:
    // What a source's frames go through.
    struct Route {
        model::SourceId source{};
        std::string name;  // of the source
        ingest::FrameFields fields;
        std::size_t payload_bytes_max = 0;
        settings::Format format;
        std::unique_ptr<decode::Decoder> decoder;
        bool has_decoded = false;  // since the last forget_frames()
        anonymise::Policy* policy = nullptr;
        buffer::DatasetId dataset{};
        std::string source_name, dataset_name;
        bool is_time_coarse = false;  // the dataset keeps no exact times
        SourceFigures figures;
    };

    Route& route(model::SourceId source) { return routes_[static_cast<std::size_t>(source)]; }
    const Route& route(model::SourceId source) const {
        return routes_[static_cast<std::size_t>(source)];
    }
    void add_route(const settings::Source& source, const settings::Settings& settings);

    model::Decoded<ingest::Pending> take(const model::Frame& frame, Route& route);
    model::Decoded<void> admit(const model::Frame& frame, Route& route);
    std::string_view sender_of(const model::Frame& frame, Route& route);
    std::string_view name_of(
        const model::Reading& reading, const model::Frame& frame, Route& route
    );
    static observe::DeviceTable::Sender sender_in(const Route& route, std::string_view name);
    model::Decoded<model::PublicReading> publish(
        model::Reading& reading, const model::Frame& frame, Route& route
    );
    void remove_date(model::Reading& reading) const;
    model::Decoded<ingest::Pending> append(
        const model::Frame& frame, Route& route, const ingest::Receipt& receipt
    );
    buffer::SessionId session_id(std::string_view session) const;
    buffer::SessionMark mark_of(const model::FrameMark& mark) const;
    // The way of a marked frame that was taken before.
    std::optional<ingest::Pending> repeated(const model::Frame& frame, Route& route);
    model::Decoded<ingest::Receipt> conclude(
        const ingest::Pending& pending, const model::Decoded<void>& committed
    );
    void forget_readings();
    boost::asio::awaitable<void> give_back(std::optional<model::FrameMark> mark);
    model::Fault refuse(
        Route& route, model::Fault fault, std::uint64_t readings, std::string_view device = {}
    );
    bool is_followed() const { return tail_ != nullptr && tail_->is_followed(); }
    static status::Tail::Way way_of(const Route& route) {
        return {route.source_name, route.dataset_name, route.is_time_coarse};
    }
    void dispose(model::Frame frame, const model::Decoded<ingest::Pending>& taken);

    buffer::Outbox& outbox_;
    anonymise::KeySource& keys_;
    Vault vault_;
    const runtime::WallClock& clock_;
    model::Vocabulary vocabulary_;
    ingest::Admission admission_{vocabulary_};
    ingest::DuplicateGuard guard_;
    subject::Gate* gate_ = nullptr;
    std::uint64_t forgotten_ = 0;  // how often the guard forgot what could not be stored
    std::vector<std::unique_ptr<anonymise::Policy>>
        policies_;  // by dataset, in the order of the settings
    std::optional<anonymise::Pseudonymiser> session_hash_;
    std::vector<Route> routes_;  // by source
    observe::DeviceTable devices_;
    std::size_t in_flight_ = 0;
    std::uint64_t undated_ = 0;
    bool closed_ = false;
    bool has_decoded_ = false;  // a route has
    quarantine::Rejects* rejects_ = nullptr;
    status::Tail* tail_ = nullptr;
    std::optional<model::Refusal> reject_;  // why the frame at hand is worth keeping

    // Reused from frame to frame.
    std::unique_ptr<model::Readings> readings_ = std::make_unique<model::Readings>();
    std::vector<model::PublicReading> public_;
};

}  // namespace gateway
