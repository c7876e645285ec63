#include "gateway/runtime/trusted_clock.hpp"

#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <sys/timex.h>

#include <fstream>

using namespace gateway::runtime;
using namespace std::chrono_literals;
using Instant = WallClock::Instant;

namespace {

constexpr auto kTenYears = 3653 * 24h;

// A time service that a test speaks for.
class ScriptedService final : public TimeService {
  public:
    bool has_set_clock() const override { return set; }
    std::string_view name() const override { return "scripted"; }
    bool set = false;
};

// A box: its system clock, its boot, and what is left of an earlier run.
struct Box {
    Instant truth = TrustedClock::release() + 100 * 24h;
    ManualClock system{Instant{5s}};  // no battery: 1970
    ManualBootClock boot{"boot-1"};
    ScriptedService service;
    std::optional<LastGoodTime> last;

    TrustedClock start() { return TrustedClock({system, boot, service}, last); }
    void pass(WallClock::Duration time) {
        truth += time;
        system.advance(time);
        boot.advance(time);
    }
    // What NTP does.
    void set_clock() {
        system.set(truth);
        service.set = true;
    }
    void watch_for(TrustedClock& clock, WallClock::Duration time) {
        for (WallClock::Duration passed{}; passed <= time; passed += 10s) {
            pass(10s);
            clock.watch();
        }
    }
};

}  // namespace

TEST_CASE("a clock that nobody vouches for is not trusted, whatever it says", "[runtime][clock]") {
    Box box;
    for (const Instant says : {Instant{5s}, box.truth, box.truth + kTenYears}) {
        box.system.set(says);
        TrustedClock clock = box.start();
        clock.watch();
        CHECK_FALSE(clock.is_trusted());
        CHECK(clock.now() == TrustedClock::release());
        CHECK(clock.source() == "none");
        CHECK(is_since_boot(clock.stamp()));
    }
}

TEST_CASE("the date is known from the moment that the clock is set", "[runtime][clock]") {
    Box box;
    TrustedClock clock = box.start();
    box.watch_for(clock, 2h);
    const Instant before = clock.stamp();
    CHECK(clock.age(before) == 0s);
    box.pass(30s);
    box.set_clock();
    clock.watch();
    CHECK(clock.is_trusted());
    CHECK(clock.now() == box.truth);
    CHECK(clock.stamp() == box.truth);
    CHECK(clock.boot_instant() == box.truth - box.boot.since_boot());
    CHECK(clock.age(before) == 30s);  // whatever the date has become meanwhile
    CHECK(clock.source() == "scripted");
}

TEST_CASE("a synchronised clock below the floor is never a date", "[runtime][clock]") {
    Box box;
    box.last = LastGoodTime{box.truth - 1h, "boot-0", box.truth - 48h, true};
    TrustedClock clock = box.start();
    CHECK(clock.floor() == box.truth - 1h);
    box.service.set = true;
    for (const Instant says : {Instant{5s}, box.truth - kTenYears, box.truth - 2h}) {
        box.system.set(says);
        box.watch_for(clock, 3h);
        CHECK_FALSE(clock.is_trusted());
        CHECK(clock.now() >= box.last->time);
    }
    box.set_clock();
    clock.watch();
    CHECK(clock.now() == box.truth);
}

TEST_CASE("a clock that drifted past the truth does not lock it out", "[runtime][clock]") {
    Box box;
    box.last = LastGoodTime{box.truth + TrustedClock::kDriftMax, "boot-0", {}, true};
    TrustedClock clock = box.start();
    box.set_clock();
    clock.watch();
    CHECK(clock.now() == box.truth);
}

TEST_CASE("the date goes on evenly while the system clock jumps", "[runtime][clock]") {
    Box box;
    box.set_clock();
    TrustedClock clock = box.start();
    clock.watch();
    for (const auto jump : {kTenYears, -kTenYears}) {
        box.system.set(box.truth + jump);
        box.service.set = false;  // as the kernel has it after a settimeofday
        box.watch_for(clock, 24h);
        CHECK(clock.is_trusted());
        CHECK(clock.now() == box.truth);
        CHECK(clock.system_is_off());
        CHECK(clock.source() == "boot");
    }
    box.set_clock();
    clock.watch();
    CHECK_FALSE(clock.system_is_off());
}

TEST_CASE("a jump that the service vouches for is followed when it lasts", "[runtime][clock]") {
    Box box;
    box.set_clock();
    TrustedClock clock = box.start();
    clock.watch();
    box.system.set(box.truth + 48h);
    box.watch_for(clock, TrustedClock::kSettling - 1min);
    CHECK(clock.now() == box.truth);
    box.watch_for(clock, 2min);
    CHECK(clock.now() == box.truth + 48h);
    box.system.set(box.truth);  // and back: below what was good already
    box.watch_for(clock, 2 * TrustedClock::kSettling);
    CHECK(clock.now() == box.truth + 48h);
}

TEST_CASE("small corrections are followed at once", "[runtime][clock]") {
    Box box;
    box.set_clock();
    TrustedClock clock = box.start();
    for (const auto step : {-800ms, 5ms, 30'000ms, -29'000ms}) {
        box.system.set(box.truth + step);
        clock.watch();
        CHECK(clock.now() == box.truth + step);
    }
}

TEST_CASE("a restart in the same boot keeps what was known", "[runtime][clock]") {
    Box box;
    box.set_clock();
    TrustedClock first = box.start();
    first.watch();
    box.last = first.last_good_time();
    box.pass(5h);
    box.service.set = false;
    box.system.set(box.truth - kTenYears);  // while nobody looked
    TrustedClock second = box.start();
    second.watch();
    CHECK(second.is_trusted());
    CHECK(second.now() == box.truth);
    CHECK(second.source() == "boot");
}

TEST_CASE("another boot keeps the floor alone, and each one raises it", "[runtime][clock]") {
    Box box;
    box.set_clock();
    {
        TrustedClock clock = box.start();
        clock.watch();
        box.last = clock.last_good_time();
    }
    const Instant good = box.truth;
    box.service.set = false;
    for (const char* boot : {"boot-2", "boot-3"}) {
        box.boot.reboot(boot);
        box.system.set(Instant{5s});
        TrustedClock clock = box.start();
        CHECK_FALSE(clock.is_trusted());
        box.watch_for(clock, 1h);
        box.last = clock.last_good_time();
    }
    CHECK(box.last->time == good + 2 * (1h + 10s));
    CHECK_FALSE(box.last->is_known);
}

TEST_CASE("the guess of an untrusted boot stays within its bounds", "[runtime][clock]") {
    Box box;
    box.last = LastGoodTime{box.truth, "boot-0", {}, true};
    box.pass(72h);
    box.boot.reboot("boot-1");
    const TrustedClock clock = box.start();
    CHECK(clock.boot_instant() == box.last->time);  // 1970 is none
    box.system.set(box.truth);
    CHECK(clock.boot_instant() == box.truth);
    box.system.set(box.truth + kTenYears);
    CHECK(clock.boot_instant() == box.last->time);
}

TEST_CASE("a release that is installed long after the boot is no later boot", "[runtime][clock]") {
    Box box;
    box.boot.advance(2000 * 24h);
    const TrustedClock clock = box.start();
    CHECK(clock.now() == TrustedClock::release());
}

TEST_CASE("the last good time survives in its file, and damage is noticed", "[runtime][clock]") {
    const tests::support::TemporaryDirectory directory;
    const LastGoodTimeFile file(directory.file("state/clock"));
    CHECK_FALSE(file.load());
    const LastGoodTime time{
        Instant{1'790'000'000'123ms}, "a-b-c", Instant{1'780'000'000'000ms}, true};
    REQUIRE_FALSE(file.save(time));
    CHECK(file.load() == time);
    LastGoodTime bound = time;
    bound.is_known = false;
    REQUIRE_FALSE(file.save(bound));
    CHECK(file.load() == bound);
    const std::string whole = tests::support::read_file(file.path());
    for (std::size_t at = 0; at + 1 < whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] = damaged[at] == '9' ? '8' : '9';
        std::ofstream(file.path()) << damaged;
        CHECK_FALSE(file.load());
        std::ofstream(file.path()) << whole.substr(0, at);
        CHECK_FALSE(file.load());
    }
}

TEST_CASE("a mark counts as long as it is there", "[runtime][clock]") {
    const tests::support::TemporaryDirectory directory;
    const MarkTimeService service(directory.file("synchronized"));
    CHECK_FALSE(service.has_set_clock());
    std::ofstream(directory.file("synchronized")) << "";
    CHECK(service.has_set_clock());
    CHECK(KernelTimeService(directory.file("synchronized")).has_set_clock());
}

TEST_CASE("the kernel's word is that of adjtimex", "[runtime][clock]") {
    timex query{};
    const int state = adjtimex(&query);
    if (state < 0) return;  // a sandbox that does not let it be asked
    const bool synchronised = state != TIME_ERROR && (query.status & STA_UNSYNC) == 0;
    CHECK(KernelTimeService("/no/such/file").has_set_clock() == synchronised);
}

TEST_CASE("the boot's clock goes on and its id stays", "[runtime][clock]") {
    const KernelBootClock clock;
    const auto before = clock.since_boot();
    CHECK(before > 0s);
    CHECK(clock.since_boot() >= before);
    CHECK_FALSE(clock.boot_id().empty());
    CHECK(KernelBootClock().boot_id() == clock.boot_id());
}
