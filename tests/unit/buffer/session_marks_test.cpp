#include "gateway/buffer/session_book.hpp"
#include "gateway/model/frame.hpp"
#include "outbox_fixture.hpp"

#include <algorithm>
#include <random>

using namespace tests::buffer;

namespace {

SessionId session(unsigned number) {
    SessionId id{};
    for (std::size_t i = 0; i < sizeof number; ++i)
        id[i] = static_cast<std::byte>(number >> (8 * i) & 0xffU);
    return id;
}

using Ids = std::vector<std::uint16_t>;

class SessionFixture : public OutboxFixture {
  public:
    model::Decoded<void> committed(const model::Decoded<Ticket>& ticket) {
        if (!ticket) return ticket.error();
        return run(outbox().committed(*ticket));
    }
    model::Decoded<void> mark(
        SessionMark mark, const tests::support::PublicReadings& readings = {}
    ) {
        return committed(outbox().append(DatasetId{0}, readings.all(), mark));
    }
    model::Decoded<void> release(SessionMark mark) { return committed(outbox().release(mark)); }
    model::Decoded<void> forget(SessionId id) { return committed(outbox().forget(id)); }
};

std::vector<StoredMark> many_marks(unsigned sessions, unsigned packets) {
    std::vector<StoredMark> marks;
    for (unsigned s = 0; s < sessions; ++s) {
        for (unsigned p = 0; p < packets; ++p)
            marks.push_back({{session(s), static_cast<std::uint16_t>(p)}, kStart});
    }
    return marks;
}

}  // namespace

TEST_CASE_METHOD(SessionFixture, "a mark is held with its readings, or none is", "[buffer]") {
    open();
    const SessionMark first{session(1), 7};
    CHECK_FALSE(outbox().ticket_of(first));
    const auto ticket = outbox().append(DatasetId{0}, some_readings(3).all(), first);
    REQUIRE(ticket);
    CHECK(outbox().ticket_of(first) == *ticket);
    CHECK(outbox().held(session(1)).empty());  // not yet on the disk
    CHECK(run(outbox().committed(*ticket)));
    CHECK(outbox().held(session(1)) == Ids{7});
    const auto commits = outbox().figures().commits;
    CHECK(mark({session(1), 5}));  // all its readings were repetitions
    CHECK(outbox().figures().commits == commits + 1);
    CHECK(mark({session(2), 7}));
    reopen();
    CHECK(outbox().held(session(1)) == Ids{5, 7});
    CHECK(outbox().held(session(2)) == Ids{7});
    CHECK(outbox().held(session(3)).empty());
    CHECK(waiting(0, 0) == 3);
    REQUIRE(outbox().ticket_of(first));
    CHECK(run(outbox().committed(*outbox().ticket_of(first))));
}

TEST_CASE_METHOD(
    SessionFixture, "a released packet id is free once that is on the disk", "[buffer]"
) {
    open();
    CHECK(mark({session(1), 7}));
    CHECK(mark({session(1), 8}));
    const auto ticket = outbox().release({session(1), 7});
    REQUIRE(ticket);
    CHECK(outbox().held(session(1)) == Ids{7, 8});
    CHECK(run(outbox().committed(*ticket)));
    CHECK(outbox().held(session(1)) == Ids{8});
    CHECK_FALSE(outbox().ticket_of({session(1), 7}));
    const auto commits = outbox().figures().commits;
    CHECK(release({session(1), 7}));  // nothing to do, nothing written
    CHECK(outbox().figures().commits == commits);
    CHECK(mark({session(1), 7}));
    CHECK(release({session(1), 8}));
    reopen();
    CHECK(outbox().held(session(1)) == Ids{7});
}

TEST_CASE_METHOD(SessionFixture, "a forgotten session holds nothing", "[buffer]") {
    open();
    CHECK(mark({session(1), 1}));
    CHECK(mark({session(1), 2}));
    CHECK(mark({session(2), 1}));
    // Changes of one commit hold in their order.
    REQUIRE(outbox().forget(session(1)));
    CHECK(mark({session(1), 3}));
    CHECK(outbox().held(session(1)) == Ids{3});
    reopen();
    CHECK(outbox().held(session(1)) == Ids{3});
    CHECK(outbox().held(session(2)) == Ids{1});
    CHECK(forget(session(2)));
    CHECK(forget(session(9)));
    reopen();
    CHECK(outbox().held(session(2)).empty());
}

TEST_CASE_METHOD(SessionFixture, "readings that are refused leave no mark", "[buffer]") {
    settings.buffer.size_max = 512 * 1024;
    settings.buffer.full = settings::Buffer::Full::refuse;
    open();
    tests::support::PublicReadings bulky;
    std::mt19937_64 random(1);
    for (std::int64_t i = 0; i < 10'000; ++i) {
        tests::support::PublicFields fields;
        fields.device = "device";
        fields.quantity = &kVolume;
        fields.value.mantissa = static_cast<std::int64_t>(random());
        fields.observed_at = kStart + std::chrono::milliseconds{i * i % 104'729};
        bulky.add(fields);
    }
    std::uint16_t packet = 1;
    model::Decoded<void> stored;
    while ((stored = mark({session(1), packet}, bulky))) ++packet;
    CHECK(stored.error().cause == model::Refusal::buffer_full);
    CHECK_FALSE(outbox().ticket_of({session(1), packet}));
    Ids held = outbox().held(session(1));
    CHECK(held.size() + 1 == packet);
    reopen();
    CHECK(outbox().held(session(1)) == held);
    CHECK(release({session(1), 1}));  // this makes room rather than takes it
    CHECK(outbox().held(session(1)).size() + 1 == held.size());
}

TEST_CASE("what is held is bounded, by session and over all", "[buffer]") {
    SECTION("packets of a session") {
        const auto marks = many_marks(1, model::kPacketsPerSessionMax - 1);
        SessionBook book(marks, kStart);
        const SessionMark last{session(0), 60'000};
        REQUIRE(book.admit(last));
        book.expect(last, 1, kStart);
        const auto refused = book.admit({session(0), 60'001});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().cause == model::Refusal::overloaded);
        CHECK(book.admit({session(1), 1}));
    }
    SECTION("sessions") {
        SessionBook book(many_marks(model::kSessionsMax, 1), kStart);
        CHECK_FALSE(book.admit({session(model::kSessionsMax), 1}));
        CHECK(book.admit({session(0), 1}));
    }
    SECTION("packets of all sessions") {
        SessionBook book(many_marks(model::kPacketsHeldMax / 1000, 1000), kStart);
        CHECK_FALSE(book.admit({session(0), 2000}));
        const SessionChange forget{SessionChange::Kind::forget, {session(1), 0}};
        book.settle({&forget, 1}, Store::Written::stored, kStart);
        CHECK(book.admit({session(0), 2000}));
    }
}

TEST_CASE("a group that failed leaves the marks as they were", "[buffer]") {
    SessionBook book(many_marks(1, 2), kStart);
    const SessionMark fresh{session(5), 9};
    book.expect(fresh, 4, kStart);
    CHECK(book.ticket_of(fresh) == 4);
    const std::vector<SessionChange> changes{
        {SessionChange::Kind::mark, fresh},
        {SessionChange::Kind::release, {session(0), 1}},
        {SessionChange::Kind::forget, {session(0), 0}}};
    book.settle(changes, Store::Written::full, kStart);
    CHECK_FALSE(book.ticket_of(fresh));
    CHECK_FALSE(book.knows(session(5)));
    CHECK(book.held(session(0), kStart) == Ids{0, 1});
}

TEST_CASE("sessions unused for thirty days are idle", "[buffer]") {
    auto marks = many_marks(3, 1);
    marks[2].used_at = model::Instant{};  // the clock was not set
    SessionBook book(marks, kStart);
    CHECK(book.idle(kStart + SessionBook::kIdleMax - std::chrono::hours{1}).empty());
    CHECK(book.held(session(1), kStart + std::chrono::hours{1}) == Ids{0});  // used
    auto idle = book.idle(kStart + SessionBook::kIdleMax);
    std::sort(idle.begin(), idle.end());
    CHECK(idle == std::vector{session(0), session(2)});
}

TEST_CASE_METHOD(SessionFixture, "a session in use keeps its old marks", "[buffer]") {
    open();
    CHECK(mark({session(1), 1}));
    CHECK(mark({session(2), 1}));
    clock.advance(std::chrono::hours{24 * 20});
    CHECK(mark({session(1), 2}));
    CHECK(release({session(1), 2}));
    clock.advance(std::chrono::hours{24 * 20});
    reopen();
    io.poll();
    REQUIRE(store(0, some_readings(1)));
    CHECK(outbox().held(session(1)) == Ids{1});
    CHECK(outbox().held(session(2)).empty());
    reopen();
    CHECK(outbox().held(session(2)).empty());
}
