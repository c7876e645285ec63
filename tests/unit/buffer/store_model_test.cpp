#include "store_model.hpp"

#include "outbox_fixture.hpp"

#include <algorithm>
#include <numeric>
#include <random>

// Thousands of random operations on an outbox and on a model of it that is too simple to be wrong.

using namespace tests::buffer;

namespace {

class ModelFixture : public OutboxFixture {
  public:
    static constexpr std::chrono::hours kRetention{600};
    static constexpr std::uint64_t kSmallStore = 128 * 1024;

    ModelFixture() {
        settings.buffer.size_max = kSmallStore;
        settings.datasets = {
            dataset("water"),
            dataset("alarms", settings::Priority::alarm),
            dataset("noise", settings::Priority::bulk)};
        for (auto& dataset : settings.datasets) dataset.retention = kRetention;
        settings.uplinks = {uplink("city"), uplink("operator")};
        for (const auto& uplink : settings.uplinks) {
            for (const auto& dataset : settings.datasets) model_.queue(uplink.name, dataset.name);
        }
        open();
    }

    // `away`: nothing can be sent.
    void step(std::mt19937& random, bool away) {
        const std::size_t u = random() % settings.uplinks.size();
        const std::size_t d = random() % settings.datasets.size();
        auto& queue = model_.queue(settings.uplinks[u].name, settings.datasets[d].name);
        const auto kind = random() % 100;
        if (kind < 40 || (away && kind < 85)) {
            store_some(d, random);
        } else if (kind < 45) {
            outbox().count_refused(model::Refusal::duplicate, 2);
            refused_ += 2;
        } else if (kind < 50) {
            const Lane lane = random() % 2 == 0 ? Lane::live : Lane::backlog;
            REQUIRE(run(OutboxFixture::queue(u, d, lane).reopen()));
            queue.reopen(lane);
        } else if (kind < 53) {
            const auto since = model_.last - std::min<std::uint64_t>(model_.last, random() % 50);
            const auto aside = run(batch_queue(u, d).set_aside(since));
            REQUIRE(aside);
            REQUIRE(*aside == model_.set_aside(queue, since));
        } else if (kind < 58) {
            change_sessions(random);
        } else if (kind < 97) {
            if (!away) send(u, d, random);
        } else {
            restart(random);
        }
        clock.advance(std::chrono::hours{random() % 3});
    }

    void compare() {
        const Ledger& ledger = outbox().ledger();
        REQUIRE(ledger.stored == model_.last);
        REQUIRE(outbox().figures().segments == segments());
        for (std::size_t u = 0; u < settings.uplinks.size(); ++u) {
            const std::string& name = settings.uplinks[u].name;
            const UplinkLedger& of = ledger.uplinks.at(name);
            REQUIRE(of.stored == model_.last);
            REQUIRE(of.delivered == model_.counts[name].delivered);
            REQUIRE(of.dead == model_.counts[name].dead);
            REQUIRE(of.evicted_total() == model_.counts[name].evicted);
            for (std::size_t d = 0; d < settings.datasets.size(); ++d) {
                const auto& queue = model_.queue(name, settings.datasets[d].name);
                REQUIRE(waiting(u, d) == queue.waiting());
            }
        }
        for (std::uint8_t s = 0; s < kSessions; ++s) {
            std::vector<std::uint16_t> held;
            for (const auto& mark : model_.marks) {
                if (mark.session == session(s)) held.push_back(mark.packet_id);
            }
            REQUIRE(outbox().held(session(s)) == held);
        }
        check_ledger();
    }

    // Everything that is left comes out, and every loss is told.
    void drain() {
        for (std::size_t u = 0; u < settings.uplinks.size(); ++u) {
            const std::string& name = settings.uplinks[u].name;
            std::uint64_t told = 0;
            for (std::size_t d = 0; d < settings.datasets.size(); ++d) {
                while (pass(u, d, Lane::backlog, 1'000) || pass(u, d, Lane::live, 1'000)) {
                }
                told += model_.queue(name, settings.datasets[d].name).told;
            }
            const UplinkLedger& of = outbox().ledger().uplinks.at(name);
            CHECK(told == of.evicted_total());
            CHECK(of.delivered + of.dead + told == of.stored);
            CHECK(of.evicted[static_cast<std::size_t>(Eviction::size)] > 0);
        }
        reopen();
        CHECK(outbox().ledger().refused_total() == refused_);
    }

  private:
    static constexpr std::uint8_t kSessions = 3;
    static constexpr std::uint16_t kPackets = 20;

    static SessionId session(std::uint8_t number) { return SessionId{std::byte{number}}; }
    static SessionMark some_mark(std::mt19937& random) {
        const auto number = static_cast<std::uint8_t>(random() % kSessions);
        return {session(number), static_cast<std::uint16_t>(random() % kPackets)};
    }

    std::size_t segments() const {
        std::size_t all = 0;
        for (const auto& [dataset, of] : model_.segments) all += of.size();
        return all;
    }

    std::map<std::string, settings::Priority> up_to(settings::Priority highest) const {
        std::map<std::string, settings::Priority> priorities;
        for (const auto& dataset : settings.datasets) {
            if (dataset.priority <= highest) priorities[dataset.name] = dataset.priority;
        }
        return priorities;
    }

    void store_some(std::size_t d, std::mt19937& random) {
        const auto& dataset = settings.datasets[d];
        const std::size_t count = 1 + random() % 30;
        std::optional<SessionMark> mark;
        if (random() % 4 == 0) mark = some_mark(random);
        if (mark && model_.marks.contains(*mark)) mark.reset();
        const auto readings = some_readings(count, static_cast<std::int64_t>(model_.last) + 1);
        const DatasetId id{static_cast<std::uint16_t>(d)};
        const auto ticket = outbox().append(id, readings.all(), mark);
        REQUIRE(ticket);
        if (!run(outbox().committed(*ticket))) {
            REQUIRE(dataset.priority != settings::Priority::alarm);
            return;
        }
        while (segments() + 1 > outbox().figures().segments)
            REQUIRE(model_.evict(up_to(dataset.priority)));
        model_.store(dataset.name, count, clock.now());
        if (mark) model_.marks.insert(*mark);
    }

    void change_sessions(std::mt19937& random) {
        const SessionMark mark = some_mark(random);
        const bool all = random() % 5 == 0;
        const auto ticket = all ? outbox().forget(mark.session) : outbox().release(mark);
        REQUIRE(ticket);
        REQUIRE(run(outbox().committed(*ticket)));
        std::erase_if(model_.marks, [&](const SessionMark& held) {
            return all ? held.session == mark.session : held == mark;
        });
    }

    void send(std::size_t u, std::size_t d, std::mt19937& random) {
        const Lane lane = random() % 2 == 0 ? Lane::live : Lane::backlog;
        const bool buries = random() % 10 == 0;
        const std::size_t limit = buries ? 1 : 1 + random() % 70;
        const auto batch = open_checked(u, d, lane, limit);
        if (!batch) return;
        if (buries && batch->readings.size() <= 1) {
            REQUIRE(run(queue(u, d, lane).bury("400")));
            const std::string& uplink = settings.uplinks[u].name;
            model_.counts[uplink].dead +=
                model_.pass(uplink, settings.datasets[d].name, lane, false);
        } else if (random() % 3 != 0) {
            confirm(u, d, lane);
        }
    }

    bool pass(std::size_t u, std::size_t d, Lane lane, std::size_t limit) {
        if (!open_checked(u, d, lane, limit)) return false;
        confirm(u, d, lane);
        return true;
    }

    void confirm(std::size_t u, std::size_t d, Lane lane) {
        REQUIRE(run(queue(u, d, lane).confirm()));
        const std::string& uplink = settings.uplinks[u].name;
        model_.counts[uplink].delivered +=
            model_.pass(uplink, settings.datasets[d].name, lane, true);
    }

    std::optional<Batch> open_checked(std::size_t u, std::size_t d, Lane lane, std::size_t limit) {
        auto batch = run(queue(u, d, lane).open({static_cast<std::uint32_t>(limit), 1U << 20}));
        REQUIRE(batch);
        auto& of = model_.queue(settings.uplinks[u].name, settings.datasets[d].name);
        const auto& expected = model_.open(of, lane, limit);
        REQUIRE(batch->has_value() == expected.is_open);
        if (!batch->has_value()) return std::nullopt;
        std::vector<std::uint64_t> sequences;
        for (const auto& reading : (*batch)->readings) {
            sequences.push_back(reading.sequence);
            // The readings of this test are numbered like their sequences.
            REQUIRE(reading.value.mantissa == static_cast<std::int64_t>(reading.sequence));
        }
        REQUIRE(sequences == expected.readings);
        std::uint64_t told = 0;
        for (const auto& gap : (*batch)->gaps) told += gap.count;
        REQUIRE(told == expected.gaps);
        return std::move(*batch);
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

    StoreModel model_;
    std::uint64_t refused_ = 0;
};

}  // namespace

TEST_CASE("an outbox behaves as its model, whatever is done to it", "[buffer][model]") {
    const auto seed = GENERATE(1U, 2U, 3U);
    CAPTURE(seed);
    std::mt19937 random(seed);
    ModelFixture fixture;
    for (int i = 0; i < 2000; ++i) {
        const bool away = i / 400 % 2 == 1;
        fixture.step(random, away);
        fixture.compare();
    }
    fixture.drain();
}
