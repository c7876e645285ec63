#include "outbox_fixture.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <random>

// Thousands of random operations on an outbox and on a model of it that is too simple to be wrong.

using namespace tests::buffer;

namespace {

using Counts = std::map<std::string, std::uint64_t>;

struct ModelSegment {
    std::uint64_t first;
    std::uint64_t end;
    model::Instant stored_at;
};

struct ModelQueue {
    std::uint64_t next = 1;
    std::uint64_t open_last = 0;
};

class Model {
  public:
    void store(const std::string& dataset, std::uint64_t count, model::Instant now) {
        segments[dataset].push_back({last + 1, last + 1 + count, now});
        last += count;
    }

    std::uint64_t count_until(const std::string& dataset, std::uint64_t from, std::uint64_t end) {
        std::uint64_t count = 0;
        for (const auto& segment : segments[dataset]) {
            const auto first = std::max(segment.first, from);
            count += std::max(std::min(segment.end, end), first) - first;
        }
        return count;
    }

    std::uint64_t waiting(const std::string& uplink, const std::string& dataset) {
        return count_until(dataset, queues[uplink][dataset].next, last + 1);
    }

    std::vector<std::uint64_t> batch(
        const std::string& uplink, const std::string& dataset, std::size_t readings_max
    ) {
        auto& queue = queues[uplink][dataset];
        std::vector<std::uint64_t> sequences;
        for (const auto& segment : segments[dataset]) {
            for (auto n = std::max(segment.first, queue.next); n < segment.end; ++n) {
                const bool within =
                    queue.open_last != 0 ? n <= queue.open_last : sequences.size() < readings_max;
                if (within) sequences.push_back(n);
            }
        }
        if (!sequences.empty()) queue.open_last = sequences.back();
        return sequences;
    }

    // Confirmed or buried.
    void pass(const std::string& uplink, const std::string& dataset, Counts& counts) {
        auto& queue = queues[uplink][dataset];
        counts[uplink] += count_until(dataset, queue.next, queue.open_last + 1);
        queue = {queue.open_last + 1, 0};
        prune(dataset);
    }

    void prune(const std::string& dataset) {
        std::uint64_t done = last + 1;
        for (auto& [uplink, of] : queues) done = std::min(done, of[dataset].next);
        auto& all = segments[dataset];
        while (!all.empty() && all.front().end <= done) all.pop_front();
    }

    void expire(const std::string& dataset, model::Instant before) {
        auto& all = segments[dataset];
        while (!all.empty() && all.front().stored_at <= before) {
            const std::uint64_t end = all.front().end;
            for (auto& [uplink, of] : queues) {
                auto& queue = of[dataset];
                evicted[uplink] += count_until(dataset, queue.next, end);
                if (queue.next < end) queue = {end, 0};
            }
            all.pop_front();
        }
    }

    std::uint64_t last = 0;
    std::map<std::string, std::deque<ModelSegment>> segments;
    std::map<std::string, std::map<std::string, ModelQueue>> queues;
    Counts delivered, dead, evicted;
};

class ModelFixture : public OutboxFixture {
  public:
    static constexpr std::chrono::hours kRetention{200};

    ModelFixture() {
        settings.datasets = {dataset("water"), dataset("air"), dataset("noise")};
        for (auto& dataset : settings.datasets) dataset.retention = kRetention;
        settings.uplinks = {uplink("city"), uplink("operator")};
        for (const auto& uplink : settings.uplinks) {
            for (const auto& dataset : settings.datasets)
                model_.queues[uplink.name][dataset.name] = {};
        }
        open();
    }

    void step(std::mt19937& random) {
        const std::size_t u = random() % settings.uplinks.size();
        const std::size_t d = random() % settings.datasets.size();
        const std::string uplink = settings.uplinks[u].name;
        const std::string dataset = settings.datasets[d].name;
        const auto kind = random() % 100;
        if (kind < 40) {
            const std::size_t count = 1 + random() % 30;
            REQUIRE(store(d, some_readings(count, static_cast<std::int64_t>(model_.last) + 1)));
            model_.store(dataset, count, clock.now());
        } else if (kind < 45) {
            outbox().count_refused(model::Refusal::duplicate, 2);
            refused_ += 2;
        } else if (kind < 50) {
            REQUIRE(run(queue(u, d).reopen()));
            model_.queues[uplink][dataset].open_last = 0;
        } else if (kind < 97) {
            send(u, d, random);
        } else {
            restart(random);
        }
        clock.advance(std::chrono::hours{random() % 3});
    }

    void send(std::size_t u, std::size_t d, std::mt19937& random) {
        const std::string uplink = settings.uplinks[u].name;
        const std::string dataset = settings.datasets[d].name;
        const bool buries = random() % 10 == 0;
        const auto limit = static_cast<std::uint32_t>(buries ? 1 : 1 + random() % 70);
        const auto batch = run(queue(u, d).open({limit, 1U << 20}));
        REQUIRE(batch);
        const auto expected = model_.batch(uplink, dataset, limit);
        REQUIRE(batch->has_value() == !expected.empty());
        if (expected.empty()) return;
        std::vector<std::uint64_t> sequences;
        for (const auto& reading : (*batch)->readings) {
            sequences.push_back(reading.sequence);
            // The readings of this test are numbered like their sequences.
            REQUIRE(reading.value.mantissa == static_cast<std::int64_t>(reading.sequence));
        }
        REQUIRE(sequences == expected);
        if (buries && expected.size() == 1) {
            REQUIRE(run(queue(u, d).bury("400")));
            model_.pass(uplink, dataset, model_.dead);
        } else if (random() % 3 != 0) {
            REQUIRE(run(queue(u, d).confirm()));
            model_.pass(uplink, dataset, model_.delivered);
        }
    }

    // With the configuration in another order.
    void restart(std::mt19937& random) {
        close();
        std::shuffle(settings.datasets.begin(), settings.datasets.end(), random);
        std::shuffle(settings.uplinks.begin(), settings.uplinks.end(), random);
        for (const auto& dataset : settings.datasets)
            model_.expire(dataset.name, clock.now() - kRetention);
        open();
        for (const auto& dataset : settings.datasets) model_.prune(dataset.name);
    }

    void compare() {
        const Ledger& ledger = outbox().ledger();
        REQUIRE(ledger.stored == model_.last);
        std::size_t segments = 0;
        for (const auto& [dataset, all] : model_.segments) segments += all.size();
        REQUIRE(outbox().figures().segments == segments);
        for (std::size_t u = 0; u < settings.uplinks.size(); ++u) {
            const std::string& name = settings.uplinks[u].name;
            const UplinkLedger& of = ledger.uplinks.at(name);
            REQUIRE(of.stored == model_.last);
            REQUIRE(of.delivered == model_.delivered[name]);
            REQUIRE(of.dead == model_.dead[name]);
            REQUIRE(of.evicted_total() == model_.evicted[name]);
            for (std::size_t d = 0; d < settings.datasets.size(); ++d)
                REQUIRE(waiting(u, d) == model_.waiting(name, settings.datasets[d].name));
        }
        check_ledger();
    }

    void check_refusals() {
        reopen();
        CHECK(outbox().ledger().refused_total() == refused_);
    }

  private:
    Model model_;
    std::uint64_t refused_ = 0;
};

}  // namespace

TEST_CASE("an outbox behaves as its model, whatever is done to it", "[buffer][model]") {
    const auto seed = GENERATE(1U, 2U, 3U);
    CAPTURE(seed);
    std::mt19937 random(seed);
    ModelFixture fixture;
    for (int i = 0; i < 1500; ++i) {
        fixture.step(random);
        fixture.compare();
    }
    fixture.check_refusals();
}
