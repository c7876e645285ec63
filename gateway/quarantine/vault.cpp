#include "gateway/quarantine/vault.hpp"

#include <chrono>
#include <utility>

namespace gateway::quarantine {

namespace asio = boost::asio;

namespace {

std::size_t size_of(const Record& record) {
    return record.topic.size() + record.peer.size() + record.payload.size();
}

}  // namespace

std::string vault_directory(const std::string& state_directory) {
    return state_directory + "/quarantine";
}

std::uint64_t Vault::Figures::lost() const {
    return queue_full + written.spared + written.too_large + written.write_failed +
           written.ring.evicted;
}

model::Result<std::unique_ptr<Vault>> Vault::open(
    const asio::any_io_executor& reactor,
    const runtime::WallClock& clock,
    const settings::Settings& settings
) {
    const auto seal = sealing::Seal::for_key(settings.privacy.quarantine.officer_key);
    if (!seal) return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    std::unique_ptr<Vault> vault(new Vault(reactor, clock, settings, *seal));
    if (const auto failure = vault->writer_.open()) return failure;
    vault->figures_.written = vault->writer_.figures();
    return vault;
}

Vault::Vault(
    const asio::any_io_executor& reactor,
    const runtime::WallClock& clock,
    const settings::Settings& settings,
    const sealing::Seal& seal
)
    : clock_(clock),
      changed_(reactor),
      writer_(
          settings.privacy.quarantine, seal, vault_directory(settings.gateway.state_directory)
      ) {
    waiting_.reserve(kWaitingMax);  // growing would leave copies of short texts behind
}

void Vault::hold(model::Frame frame, std::string_view source, model::Refusal cause) {
    Record record;
    if (clock_.is_trusted()) record.time = clock_.now();
    record.cause = to_string(cause);
    record.source = source;
    record.topic = std::move(frame.topic);
    record.peer = std::move(frame.peer);
    record.payload = std::move(frame.payload);
    const bool has_room = waiting_.size() < kWaitingMax &&
                          waiting_bytes_ + size_of(record) <= kWaitingBytesMax && !closed_;
    if (!has_room) {
        ++figures_.queue_full;
        return wipe(record);
    }
    waiting_bytes_ += size_of(record);
    waiting_.push_back(std::move(record));
    changed_.notify();
}

Writer::Moment Vault::now() const {
    Writer::Moment now{clock_.since_boot(), std::nullopt};
    if (clock_.is_trusted()) now.date = clock_.now();
    return now;
}

asio::awaitable<void> Vault::run() {
    while (!closing_) {
        if (waiting_.empty())
            co_await changed_.wait_until(std::chrono::steady_clock::now() + kInterval);
        co_await write(closing_);
    }
    co_await write(true);
    closed_ = true;
    changed_.notify();
}

asio::awaitable<void> Vault::write(bool is_last) {
    std::vector<Record> taken;
    taken.reserve(kWaitingMax);
    taken.swap(waiting_);
    waiting_bytes_ = 0;
    auto work = [this, is_last, taken = std::move(taken), moment = now()]() mutable {
        writer_.take(taken, moment, is_last);
        return writer_.figures();
    };
    figures_.written = co_await thread_.run(std::move(work));
}

asio::awaitable<void> Vault::close() {
    closing_ = true;
    changed_.notify();
    while (!closed_) co_await changed_.wait();
}

}  // namespace gateway::quarantine
