#include "drivers/mqtt_listener/sessions.hpp"

#include "drivers/mqtt_listener/bounds.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <optional>
#include <vector>

using namespace drivers::mqtt_listener;
using std::chrono::seconds;

namespace {

// A device on its way in.
struct Visit {
    std::optional<Sessions::Entry> entry;
    int taken_over = 0;
};

struct Fixture {
    boost::asio::io_context io{1};
    Sessions sessions{io.get_executor()};

    static boost::asio::awaitable<void> enter(
        Sessions& sessions, Visit& visit, std::string client, std::string identity
    ) {
        auto on_taken_over = [&visit] { ++visit.taken_over; };
        visit.entry =
            co_await sessions.enter(std::move(client), std::move(identity), on_taken_over);
    }
    void start(Visit& visit, const char* client, const char* identity) {
        boost::asio::co_spawn(io, enter(sessions, visit, client, identity), boost::asio::detached);
        settle();
    }
    // Runs what is ready; false when there is no end of it.
    bool settle() {
        constexpr int kHandlersMax = 10'000;
        io.restart();
        for (int i = 0; i < kHandlersMax; ++i) {
            if (io.poll_one() == 0) return true;
        }
        return false;
    }
};

Device device(const char* client, const char* identity, std::uint32_t expiry_s) {
    Device made;
    made.client = client;
    made.identity = identity;
    made.session_expiry_s = expiry_s;
    return made;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "devices of different identifiers do not meet", "[listener]") {
    Visit first;
    Visit second;
    start(first, "a", "pump-1");
    start(second, "b", "pump-1");
    CHECK(first.entry == Sessions::Entry::entered);
    CHECK(second.entry == Sessions::Entry::entered);
    CHECK(first.taken_over == 0);
}

TEST_CASE_METHOD(
    Fixture, "the next of the same identity waits for the first to leave", "[listener]"
) {
    Visit first;
    Visit second;
    start(first, "a", "pump-1");
    start(second, "a", "pump-1");
    CHECK(first.taken_over == 1);
    CHECK_FALSE(second.entry);
    sessions.leave(device("a", "pump-1", 0));
    CHECK(settle());
    CHECK(second.entry == Sessions::Entry::entered);
    CHECK(second.taken_over == 0);
}

TEST_CASE_METHOD(Fixture, "another identity does not get in", "[listener]") {
    Visit first;
    Visit second;
    start(first, "a", "pump-1");
    start(second, "a", "pump-2");
    CHECK(second.entry == Sessions::Entry::not_yours);
    CHECK(first.taken_over == 0);
    sessions.leave(device("a", "pump-1", 0));
    start(second, "a", "pump-2");
    CHECK(second.entry == Sessions::Entry::entered);
}

TEST_CASE_METHOD(Fixture, "several that wait do not wake each other for ever", "[listener]") {
    Visit first;
    Visit second;
    Visit third;
    start(first, "a", "pump-1");
    start(second, "a", "pump-1");
    start(third, "a", "pump-1");
    REQUIRE(settle());
    CHECK_FALSE(second.entry);
    CHECK_FALSE(third.entry);
    sessions.leave(device("a", "pump-1", 0));
    REQUIRE(settle());
    CHECK(second.entry == Sessions::Entry::entered);
    CHECK_FALSE(third.entry);
    CHECK(second.taken_over > 0);
    sessions.leave(device("a", "pump-1", 0));
    REQUIRE(settle());
    CHECK(third.entry == Sessions::Entry::entered);
}

TEST_CASE_METHOD(Fixture, "a session has expired when its time is over, once", "[listener]") {
    const auto now = std::chrono::steady_clock::now();
    Visit visit;
    start(visit, "a", "pump-1");
    sessions.leave(device("a", "pump-1", 60), now);
    CHECK_FALSE(sessions.has_expired(device("a", "pump-1", 0), now + seconds(59)));
    start(visit, "a", "pump-1");
    sessions.leave(device("a", "pump-1", 60), now);
    CHECK(sessions.has_expired(device("a", "pump-1", 0), now + seconds(60)));
    CHECK_FALSE(sessions.has_expired(device("a", "pump-1", 0), now + seconds(60)));
}

TEST_CASE_METHOD(Fixture, "the sessions of two identities end apart", "[listener]") {
    const auto now = std::chrono::steady_clock::now();
    Visit visit;
    start(visit, "a", "pump-1");
    sessions.leave(device("a", "pump-1", 3600), now);
    start(visit, "a", "pump-2");
    sessions.leave(device("a", "pump-2", 1), now);
    const auto later = now + seconds(10);
    CHECK_FALSE(sessions.has_expired(device("a", "pump-1", 0), later));
    CHECK(sessions.has_expired(device("a", "pump-2", 0), later));
}

TEST_CASE_METHOD(
    Fixture, "the idlest session of an identity makes room for one too many", "[listener]"
) {
    std::vector<Visit> visits(kSessionsPerIdentityMax + 2);
    std::optional<std::string> idlest;
    const auto come = [&](std::size_t number) {
        const std::string client = "c" + std::to_string(number);
        start(visits[number], client.c_str(), "pump-1");
        return sessions.keep(device(client.c_str(), "pump-1", 60), idlest);
    };
    const auto leave = [&](const char* client) { sessions.leave(device(client, "pump-1", 60)); };
    for (std::size_t i = 0; i < kSessionsPerIdentityMax; ++i) REQUIRE(come(i));
    CHECK_FALSE(come(kSessionsPerIdentityMax));  // all are connected
    leave("c2");
    leave("c1");
    CHECK_FALSE(idlest);
    CHECK(come(kSessionsPerIdentityMax + 1));
    CHECK(idlest == device("c2", "pump-1", 60).session());
    // Others have their own places, and who has no identity is not counted.
    idlest.reset();
    CHECK(sessions.keep(device("c2", "pump-2", 60), idlest));
    CHECK(sessions.keep(device("c2", "", 60), idlest));
    CHECK_FALSE(idlest);
}

TEST_CASE_METHOD(Fixture, "a session that has ended leaves its place", "[listener]") {
    std::vector<Visit> visits(kSessionsPerIdentityMax + 1);
    std::optional<std::string> idlest;
    for (std::size_t i = 0; i <= kSessionsPerIdentityMax; ++i) {
        const std::string client = "c" + std::to_string(i);
        start(visits[i], client.c_str(), "pump-1");
        CHECK(sessions.keep(device(client.c_str(), "pump-1", 60), idlest));
        if (i == 0) sessions.leave(device("c0", "pump-1", 0));
    }
    CHECK_FALSE(idlest);
}
