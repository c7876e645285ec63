// Many senders and recipients at once on a small store, by chance, against a book of what each was
// told.
#include "numbered_readings.hpp"
#include "proof_size.hpp"
#include "tests/unit/buffer/outbox_fixture.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <random>
#include <set>

using namespace tests::proof;
using tests::buffer::OutboxFixture;

namespace {

namespace asio = boost::asio;
using namespace gateway;
using namespace gateway::buffer;

constexpr std::uint64_t kSeeds = 24;
constexpr int kSenders = 4;  // of each dataset
constexpr int kMessages = 40;
constexpr int kAttempts = 150;  // of a recipient
constexpr std::uint64_t kSizeMax = 160 * 1024;

using Numbers = std::set<std::uint64_t>;

class Bustle : public OutboxFixture {
  public:
    explicit Bustle(std::uint32_t seed) : random_(seed) {
        settings.buffer.size_max = kSizeMax;
        const bool evicts = seed % 2 == 0;
        settings.buffer.full =
            evicts ? settings::Buffer::Full::evict : settings::Buffer::Full::refuse;
        settings.datasets = {
            tests::buffer::dataset("water"),
            tests::buffer::dataset("alarms", settings::Priority::alarm)};
        settings.uplinks = {
            tests::buffer::uplink("city"), tests::buffer::uplink("operator", {"water"})};
    }

    void live() {
        open();
        for (std::size_t dataset = 0; dataset < settings.datasets.size(); ++dataset) {
            for (int i = 0; i < kSenders; ++i) spawn(send(dataset));
        }
        for (std::size_t queue = 0; queue < kQueues.size(); ++queue) spawn(receive(queue));
        while (running_ > 0) io.run_one();
        restart();
        for (std::size_t queue = 0; queue < kQueues.size(); ++queue) drain(queue);
    }

    void check() {
        for (std::size_t u = 0; u < settings.uplinks.size(); ++u) {
            std::uint64_t taken = 0;
            std::uint64_t got = 0;
            for (std::size_t queue = 0; queue < kQueues.size(); ++queue) {
                if (kQueues[queue].uplink != u) continue;
                const Numbers& acknowledged = acknowledged_[kQueues[queue].dataset];
                taken += acknowledged.size();
                got += received_[queue].size();
                for (const auto number : received_[queue]) CHECK(acknowledged.contains(number));
            }
            const auto& ledger = outbox().ledger().uplinks.at(settings.uplinks[u].name);
            CHECK(ledger.stored == taken);
            CHECK(ledger.delivered + ledger.evicted_total() == taken);
            // A batch may lose readings to eviction while its recipient has them already.
            CHECK(got >= ledger.delivered);
            CHECK(got <= taken);
            CHECK(ledger.waiting() == 0);
        }
        CHECK(failures.empty());
    }

    std::uint64_t acknowledged() const { return acknowledged_[0].size() + acknowledged_[1].size(); }
    std::uint64_t refused() const { return refused_; }
    std::uint64_t evicted() { return outbox().ledger().evicted[0]; }

  private:
    struct Queue {
        std::size_t uplink;
        std::size_t dataset;
    };
    static constexpr std::array<Queue, 3> kQueues{Queue{0, 0}, Queue{0, 1}, Queue{1, 0}};

    void spawn(asio::awaitable<void> task) {
        ++running_;
        asio::co_spawn(io, std::move(task), [this](std::exception_ptr failure) {
            --running_;
            CHECK_FALSE(failure);
        });
    }

    asio::awaitable<void> send(std::size_t dataset) {
        for (int i = 0; i < kMessages; ++i) {
            tests::support::PublicReadings readings;
            Numbers numbers;
            for (auto left = 1 + random_() % 8; left > 0; --left) {
                add_numbered(readings, ++last_number_);
                numbers.insert(last_number_);
            }
            const DatasetId id{static_cast<std::uint16_t>(dataset)};
            const auto ticket = outbox().append(id, readings.all());
            if (!ticket) {
                ++refused_;
                continue;
            }
            const auto stored = co_await outbox().committed(*ticket);
            if (stored) {
                acknowledged_[dataset].merge(numbers);
            } else {
                CHECK(stored.error().cause == model::Refusal::buffer_full);
                ++refused_;
            }
        }
    }

    asio::awaitable<void> receive(std::size_t queue) {
        BatchLane& from = OutboxFixture::queue(kQueues[queue].uplink, kQueues[queue].dataset);
        for (int i = 0; i < kAttempts; ++i) {
            const BatchLimits limits{1 + static_cast<std::uint32_t>(random_() % 60), 1U << 20};
            auto batch = co_await from.open(limits);
            CHECK(batch);
            const auto next = random_() % 8;
            if (!batch || !*batch) {
                co_await asio::post(io, asio::use_awaitable);
            } else if (next == 0) {
                const auto reopened = co_await from.reopen();
                CHECK(reopened);
            } else if (next > 2) {
                const auto confirmed = co_await from.confirm();
                CHECK(confirmed);
                take(queue, **batch);
            }
        }
    }

    // A batch that a recipient has confirmed: each reading as it was sent, in order, once.
    void take(std::size_t queue, const Batch& batch) {
        std::uint64_t& last = last_sequence_[queue];
        for (const auto& reading : batch.readings) {
            CHECK(differences(reading, batch).empty());
            CHECK(reading.sequence > last);
            last = reading.sequence;
            CHECK(received_[queue].insert(number_of(reading)).second);
        }
    }

    // The open batches are the same ones afterwards.
    void restart() {
        std::array<std::optional<Batch>, kQueues.size()> open_batches;
        for (std::size_t i = 0; i < kQueues.size(); ++i) {
            if (has_batch(kQueues[i].uplink, kQueues[i].dataset))
                open_batches[i] = open_batch(kQueues[i].uplink, kQueues[i].dataset);
        }
        reopen();
        for (std::size_t i = 0; i < kQueues.size(); ++i) {
            if (!open_batches[i]) continue;
            const Batch again = open_batch(kQueues[i].uplink, kQueues[i].dataset);
            CHECK(tests::buffer::same(*open_batches[i], again));
        }
    }

    void drain(std::size_t queue) {
        const auto [uplink, dataset] = kQueues[queue];
        while (has_batch(uplink, dataset)) {
            const Batch batch = open_batch(uplink, dataset);
            confirm(uplink, dataset);
            take(queue, batch);
        }
    }

    std::mt19937 random_;
    int running_ = 0;
    std::uint64_t last_number_ = 0;
    std::uint64_t refused_ = 0;  // messages
    std::array<Numbers, 2> acknowledged_;
    std::array<Numbers, kQueues.size()> received_;
    std::array<std::uint64_t, kQueues.size()> last_sequence_{};
};

}  // namespace

TEST_CASE("whoever is told something by an outbox in a bustle can rely on it", "[proof][model]") {
    std::uint64_t acknowledged = 0;
    std::uint64_t refused = 0;
    std::uint64_t evicted = 0;
    for (std::uint64_t i = 0; i < proof_size(kSeeds); ++i) {
        const auto seed = static_cast<std::uint32_t>(proof_seed() + i);
        INFO("seed " << seed);
        Bustle bustle(seed);
        bustle.live();
        bustle.check();
        acknowledged += bustle.acknowledged();
        refused += bustle.refused();
        evicted += bustle.evicted();
    }
    WARN(
        acknowledged << " readings acknowledged, " << evicted << " evicted, " << refused
                     << " messages refused"
    );
    CHECK(refused > 0);
    CHECK(evicted > 0);
}
