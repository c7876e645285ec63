#include "queue_book.hpp"
#include "simulated_flash.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace firmware_bridge::test;

namespace {

constexpr std::uint32_t kIncarnation = 0x1234;
constexpr int kSteps = 60;
constexpr SimulatedFlash::Shape kShapes[] = {
    {2, 512, 1}, {2, 512, 32}, {3, 512, 4}, {4, 1024, 8}, {5, 768, 16}, {2, 2048, 2}};

struct Life {
    int broken = 0;
    std::uint64_t worked = 0;
    std::uint32_t pushed = 0;
    std::uint32_t faults = 0;
};

// A life whose power goes after so many bytes, and which goes on afterwards.
Life live(
    SimulatedFlash::Shape shape, std::uint32_t seed, std::uint64_t bytes, bool forgets = false
) {
    std::mt19937 random{seed};
    SimulatedFlash flash{shape, seed};
    pd_flash_queue log{};
    Life life;
    REQUIRE(pd_flash_queue_open(&log, flash.get()) == PD_OK);
    REQUIRE(log.queue.incarnation == 0);
    REQUIRE(log.queue.calls->renew(&log.queue, kIncarnation, 0) == PD_OK);
    QueueBook book{log.queue};
    flash.cut_after(bytes);
    for (int n = 0; n < kSteps && !flash.is_off(); ++n) {
        if (forgets && n == kSteps / 2) flash.forget_from_now_on();
        book.step(random);
        if (!flash.is_off()) life.broken += book.broken();
    }
    life.worked = flash.worked();
    for (int times = 0; times < 2; ++times) {  // twice: opening changes nothing
        flash.power_on();
        REQUIRE(pd_flash_queue_open(&log, flash.get()) == PD_OK);
        life.broken += log.queue.incarnation != kIncarnation;
        life.broken += book.broken();
    }
    book.reopened();
    for (int n = 0; n < kSteps / 4; ++n) {
        book.step(random);
        life.broken += book.broken();
    }
    life.pushed = book.pushed();
    life.faults = flash.faults();
    return life;
}

}  // namespace

TEST_CASE("a queue in memory keeps what it was given, in order", "[device][queue]") {
    for (std::uint32_t bytes = 512; bytes < 1500; bytes += 7) {
        std::mt19937 random{bytes};
        std::vector<std::uint8_t> memory(bytes);
        pd_ram_queue ring{};
        REQUIRE(pd_ram_queue_init(&ring, memory.data(), bytes) == PD_OK);
        REQUIRE(ring.queue.calls->renew(&ring.queue, kIncarnation, 0) == PD_OK);
        QueueBook book{ring.queue};
        for (int n = 0; n < 100; ++n) {
            book.step(random);
            REQUIRE(book.broken() == 0);
        }
    }
    pd_ram_queue ring{};
    std::uint8_t byte = 0;
    CHECK(pd_ram_queue_init(&ring, &byte, 511) == PD_INVALID);
    CHECK(pd_ram_queue_init(&ring, nullptr, 512) == PD_INVALID);
}

TEST_CASE("queues count what had to go when they were full", "[device][queue]") {
    SimulatedFlash flash{{3, 512, 4}, 1};
    std::vector<std::uint8_t> memory(1024);
    pd_flash_queue log{};
    pd_ram_queue ring{};
    REQUIRE(pd_flash_queue_open(&log, flash.get()) == PD_OK);
    REQUIRE(pd_ram_queue_init(&ring, memory.data(), 1024) == PD_OK);
    for (pd_queue* queue : {&log.queue, &ring.queue}) {
        const std::vector<std::uint8_t> record(50);
        CHECK(queue->calls->push(queue, record.data(), 50, 3) == PD_REFUSED);  // not made yet
        REQUIRE(queue->calls->renew(queue, kIncarnation, 0) == PD_OK);
        CHECK(queue->lost == 0);
        for (int n = 0; n < 500; ++n) {
            REQUIRE(queue->calls->push(queue, record.data(), 50, 3) == PD_OK);
            REQUIRE(queue->lost == 3 * (queue->first - 1));
        }
        const std::uint32_t waiting = queue->next - queue->first;
        CHECK(waiting >= 14);
        REQUIRE(queue->calls->renew(queue, kIncarnation + 1, 5) == PD_OK);
        CHECK(queue->lost == 5 + 3 * waiting);
        CHECK(queue->first == 1);
        CHECK(queue->next == 1);
    }
}

TEST_CASE("a queue in flash survives a loss of power in any byte", "[device][queue]") {
    const bool in_every_byte = std::getenv("PASSERELLE_EVERY_CUT") != nullptr;
    const std::uint64_t step = in_every_byte ? 1 : 13;
    std::uint64_t cuts = 0;
    std::uint64_t pushed = 0;
    for (const auto& shape : kShapes) {
        for (std::uint32_t seed = 0; seed < 2; ++seed) {
            const Life whole = live(shape, seed, UINT64_MAX - 1);
            REQUIRE(whole.broken == 0);
            for (std::uint64_t bytes = seed; bytes < whole.worked; bytes += step) {
                const Life life = live(shape, seed, bytes);
                if (life.broken != 0 || life.faults != 0) {
                    FAIL(
                        "unit " << shape.unit_bytes << " seed " << seed << " cut after " << bytes
                                << ": " << life.broken << " broken, " << life.faults
                                << " units programmed twice"
                    );
                }
                ++cuts;
                pushed += life.pushed;
            }
        }
    }
    if (in_every_byte) WARN(cuts << " cuts, " << pushed << " messages kept");
    CHECK(cuts > 5'000);
}

TEST_CASE(
    "control: a flash that forgets what it said it had programmed is noticed", "[device][queue]"
) {
    int noticed = 0;
    for (std::uint32_t seed = 1; seed <= 10; ++seed) {
        noticed += live({3, 512, 4}, seed, UINT64_MAX - 1, true).broken != 0;
    }
    CHECK(noticed >= 5);  // the others have nothing to lose
}

TEST_CASE("flash that is damaged anywhere is opened, and gives nothing else", "[device][queue]") {
    std::mt19937 random{5};
    for (std::uint32_t seed = 1; seed <= 400; ++seed) {
        SimulatedFlash flash{{3, 512, 4}, seed};
        pd_flash_queue log{};
        REQUIRE(pd_flash_queue_open(&log, flash.get()) == PD_OK);
        REQUIRE(log.queue.calls->renew(&log.queue, kIncarnation, 0) == PD_OK);
        QueueBook book{log.queue};
        for (int n = 0; n < 20; ++n) book.step(random);
        for (int n = 0; n < 30; ++n) {
            flash.bytes()[random() % flash.bytes().size()] ^=
                static_cast<std::uint8_t>(1u << (random() % 8));
        }
        REQUIRE(pd_flash_queue_open(&log, flash.get()) == PD_OK);
        std::uint8_t record[PD_RECORD_BYTES_MAX];
        const std::uint32_t end = log.queue.next;
        REQUIRE(end - log.queue.first < 10'000);
        for (std::uint32_t at = log.queue.first; at < end; ++at) {
            REQUIRE(log.queue.calls->peek(&log.queue, at, record) <= PD_RECORD_BYTES_MAX);
        }
        if (log.queue.incarnation != 0) {
            REQUIRE(log.queue.calls->push(&log.queue, record, 10, 1) == PD_OK);
            log.queue.calls->drop_below(&log.queue, log.queue.next, 0);
            CHECK(log.queue.first == log.queue.next);
        }
    }
}

TEST_CASE("measures of flash out of bounds are not taken", "[device][queue]") {
    pd_flash_queue log{};
    for (const SimulatedFlash::Shape shape :
         {SimulatedFlash::Shape{1, 512, 4}, {2, 256, 4}, {2, 512, 64}, {2, 516, 8}, {2, 513, 3}}) {
        const SimulatedFlash flash{shape, 1};
        CHECK(pd_flash_queue_open(&log, flash.get()) == PD_INVALID);
    }
}
