#include "gateway/buffer/error.hpp"
#include "gateway/buffer/sequence_mark.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/store_file.hpp"
#include "outbox_fixture.hpp"

#include <boost/asio/local/datagram_protocol.hpp>
#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace tests::buffer;

namespace {

// Changes the closed store behind its back.
void execute(const std::string& path, const char* sql) {
    auto connection = SqliteConnection::open(path, {});
    REQUIRE(connection);
    REQUIRE(connection->execute(sql));
    REQUIRE(connection->checkpoint(true));
}

std::int64_t ask(const std::string& path, const char* sql) {
    auto connection = SqliteConnection::open(path, {});
    REQUIRE(connection);
    const auto answer = connection->integer(sql);
    REQUIRE(answer);
    return *answer;
}

// Beyond the header, so that its checksum alone tells.
void damage_first_page(const std::string& path) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(2000);
    file.put('x');
}

std::uint64_t damaged(const UplinkLedger& ledger) {
    return ledger.evicted[static_cast<std::size_t>(Eviction::damaged)];
}

}  // namespace

TEST_CASE_METHOD(OutboxFixture, "a damaged segment is skipped and counted", "[buffer][damage]") {
    settings.uplinks.push_back(uplink("operator"));
    open();
    for (int i = 0; i < 3; ++i) REQUIRE(store(0, some_readings(10, i * 10)));
    close();
    execute(
        settings.buffer.path,
        "UPDATE segment SET body = zeroblob(40) WHERE key = (SELECT key FROM segment LIMIT 1"
        " OFFSET 1)"
    );
    open();
    CHECK(open_batch(0, 0).last_sequence == 10);
    confirm(0, 0);
    const Batch rest = open_batch(0, 0);
    CHECK(rest.first_sequence == 21);
    CHECK(damaged(outbox().ledger().uplinks.at("city")) == 10);
    CHECK(damaged(outbox().ledger().uplinks.at("operator")) == 0);
    CHECK(outbox().ledger().evicted[static_cast<std::size_t>(Eviction::damaged)] == 10);
    confirm(0, 0);
    open_batch(1, 0);
    confirm(1, 0);
    open_batch(1, 0);
    confirm(1, 0);
    CHECK(outbox().ledger().evicted[static_cast<std::size_t>(Eviction::damaged)] == 10);
    CHECK(outbox().figures().segments == 0);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "segments that are missing are counted", "[buffer][damage]") {
    open();
    for (int i = 0; i < 3; ++i) REQUIRE(store(0, some_readings(10, i * 10)));
    close();
    execute(settings.buffer.path, "DELETE FROM segment WHERE count = 10 AND key & 31 = 11");
    open();
    CHECK(waiting(0, 0) == 20);
    CHECK(damaged(outbox().ledger().uplinks.at("city")) == 10);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "a store moved aside keeps its sequences", "[buffer][damage]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    close();
    std::ofstream(settings.buffer.path, std::ios::trunc) << std::string(10'000, 'x');
    open();
    REQUIRE(outbox().notices().size() == 3);
    CHECK(outbox().notices()[0].code == "store-damaged");
    CHECK(outbox().notices()[1].code == "store-salvaged");
    CHECK(outbox().notices()[2].code == "readings-lost");
    CHECK(outbox().notices()[2].detail == "10");
    CHECK(damaged(outbox().ledger().uplinks.at("city")) == 10);
    REQUIRE(store(0, some_readings(1)));
    CHECK(open_batch(0, 0).first_sequence == 11);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "a store that is gone is told, not counted", "[buffer][damage]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    const std::string mark = sequence_mark_path(settings.buffer.path);
    std::filesystem::copy_file(mark, directory.file("mark"));  // as a process leaves it that ends
    close();
    std::filesystem::rename(directory.file("mark"), mark);
    std::filesystem::remove(settings.buffer.path);
    open();
    REQUIRE(outbox().notices().size() == 1);
    CHECK(outbox().notices()[0].code == "store-missing");
    CHECK(outbox().notices()[0].detail == "10");
    CHECK(outbox().ledger().stored == 0);
    reopen();
    CHECK(outbox().notices().empty());
    REQUIRE(store(0, some_readings(1)));
    CHECK(open_batch(0, 0).first_sequence > SequenceMark::kReservation);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "a store whose books were in its log counts", "[buffer][damage]") {
    open();
    close();
    const std::string empty = directory.file("empty.db");
    std::filesystem::copy_file(settings.buffer.path, empty);
    open();
    REQUIRE(store(0, some_readings(10)));
    close();
    std::filesystem::rename(empty, settings.buffer.path);
    open();
    REQUIRE(outbox().notices().size() == 1);
    CHECK(outbox().notices()[0].code == "readings-lost");
    CHECK(damaged(outbox().ledger().uplinks.at("city")) == 10);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "a store that lost its end says how much", "[buffer][damage]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    close();
    const std::string early = directory.file("early.db");
    std::filesystem::copy_file(settings.buffer.path, early);
    open();
    REQUIRE(store(0, some_readings(7)));
    close();
    std::filesystem::rename(early, settings.buffer.path);
    open();
    REQUIRE(outbox().notices().size() == 1);
    CHECK(outbox().notices()[0].code == "readings-lost");
    CHECK(outbox().notices()[0].detail == "7");
    CHECK(outbox().ledger().stored == 17);
    CHECK(damaged(outbox().ledger().uplinks.at("city")) == 7);
    CHECK(waiting(0, 0) == 10);
    REQUIRE(store(0, some_readings(1)));
    CHECK(open_batch(0, 0).last_sequence == 18);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "a salvage counts what the end had", "[buffer][damage]") {
    settings.uplinks.push_back(uplink("operator"));
    open();
    REQUIRE(store(0, some_readings(10)));
    close();
    const std::string early = directory.file("early.db");
    std::filesystem::copy_file(settings.buffer.path, early);
    damage_first_page(early);
    open();
    REQUIRE(store(0, some_readings(7)));
    const std::string mark = sequence_mark_path(settings.buffer.path);
    std::filesystem::copy_file(mark, directory.file("mark"));  // as a process leaves it that ends
    close();
    std::filesystem::rename(directory.file("mark"), mark);
    std::filesystem::rename(early, settings.buffer.path);
    open();
    REQUIRE(outbox().notices().size() == 3);
    CHECK(outbox().notices()[1].code == "store-salvaged");
    CHECK(outbox().notices()[2].code == "readings-lost");
    CHECK(outbox().notices()[2].detail == "7");
    CHECK(outbox().ledger().stored == 17);
    CHECK(damaged(outbox().ledger().uplinks.at("city")) == 7);
    CHECK(damaged(outbox().ledger().uplinks.at("operator")) == 7);
    CHECK(waiting(0, 0) == 10);
    check_ledger();
    reopen();
    CHECK(outbox().notices().empty());
}

TEST_CASE_METHOD(OutboxFixture, "a lost cursor hides no loss", "[buffer][damage]") {
    open();
    for (int i = 0; i < 3; ++i) REQUIRE(store(0, some_readings(10, i * 10)));
    close();
    execute(settings.buffer.path, "DELETE FROM segment WHERE count = 10 AND key & 31 = 11");
    execute(settings.buffer.path, "DELETE FROM cursor");
    damage_first_page(settings.buffer.path);
    open();
    CHECK(waiting(0, 0) == 20);
    CHECK(damaged(outbox().ledger().uplinks.at("city")) == 10);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "damaged stores go in their time", "[buffer][damage]") {
    const std::string older = settings.buffer.path + ".damaged-20260101T000000Z";
    const std::string newer = settings.buffer.path + ".damaged-20260102T000000Z";
    REQUIRE(prepare_store_file(settings.buffer.path));
    for (const auto& path : {older, older + "-wal", newer}) std::ofstream(path) << "x";
    const auto retention = settings.datasets[0].retention;
    const auto write_at = [](const std::string& path, model::Instant time) {
        const timespec at{
            std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count(), 0};
        const std::array<timespec, 2> times{at, at};
        REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0) == 0);
    };
    write_at(older, clock.now() - retention - std::chrono::hours{1});
    write_at(newer, clock.now() - retention + std::chrono::hours{1});
    open();
    CHECK_FALSE(std::filesystem::exists(older));
    CHECK_FALSE(std::filesystem::exists(older + "-wal"));
    CHECK(std::filesystem::exists(newer));
    clock.advance(std::chrono::hours{2});
    reopen();
    CHECK_FALSE(std::filesystem::exists(newer));
}

TEST_CASE_METHOD(OutboxFixture, "a salvage asks for time while it reads", "[buffer][damage]") {
    using boost::asio::local::datagram_protocol;
    constexpr std::size_t kPages = 300;
    constexpr std::size_t kPagesPerSign = 256;
    constexpr std::size_t kPassages = 3;  // through the whole file, and the books
    REQUIRE(prepare_store_file(settings.buffer.path));
    std::ofstream(settings.buffer.path) << std::string(kPages * SqliteConnection::kPageBytes, 'x');
    const std::string path = directory.file("notify");
    datagram_protocol::socket manager(io, datagram_protocol::endpoint{path});
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
    open();
    unsetenv("NOTIFY_SOCKET");
    std::size_t signs = 0;
    std::array<char, 512> message{};
    for (; manager.available() > 0; ++signs) manager.receive(boost::asio::buffer(message));
    CHECK(signs == kPassages * (kPages / kPagesPerSign + 1) + 1);
}

TEST_CASE_METHOD(OutboxFixture, "a database that cannot be opened keeps its log", "[buffer]") {
    const std::string path = directory.file("logged.db");
    std::ofstream{path};
    {
        auto connection = SqliteConnection::open(path, {});
        REQUIRE(connection);
        REQUIRE(connection->execute("CREATE TABLE logged (number INTEGER)"));
        REQUIRE(connection->checkpoint(true));
        REQUIRE(connection->execute("INSERT INTO logged VALUES (1)"));
    }
    const auto log_bytes = std::filesystem::file_size(path + "-wal");
    REQUIRE(log_bytes > 0);
    damage_first_page(path);
    CHECK_FALSE(SqliteConnection::open(path, {}));
    REQUIRE(std::filesystem::exists(path + "-wal"));
    CHECK(std::filesystem::file_size(path + "-wal") == log_bytes);
}

TEST_CASE_METHOD(OutboxFixture, "a newer schema is refused and left alone", "[buffer][damage]") {
    open();
    close();
    execute(settings.buffer.path, "PRAGMA user_version=99");
    const auto opened = Outbox::open({io.get_executor(), storage, clock, {}}, settings);
    REQUIRE_FALSE(opened);
    CHECK(opened.error() == Errc::newer_schema);
    CHECK(ask(settings.buffer.path, "PRAGMA user_version") == 99);
}

TEST_CASE("the sequence mark survives, and a wrong one counts for nothing", "[buffer][damage]") {
    const tests::support::TemporaryDirectory directory;
    const std::string path = directory.file("mark");
    {
        SequenceMark mark(path);
        mark.load();
        CHECK(mark.reserved() == 0);
        REQUIRE(mark.reserve(5));
        REQUIRE(mark.reserve(6));
        REQUIRE(mark.close(7));
    }
    SequenceMark mark(path);
    mark.load();
    CHECK(mark.reserved() == 7);
    CHECK(mark.closed());
    CHECK(mark.shows_loss(6));
    CHECK_FALSE(mark.shows_loss(7));
    std::string text = tests::support::read_file(path);
    ++text[24];
    std::ofstream(path, std::ios::trunc) << text;
    SequenceMark wrong(path);
    wrong.load();
    CHECK(wrong.reserved() == 0);
}

TEST_CASE("the last sequence counts though the mark is behind it", "[buffer][damage]") {
    const tests::support::TemporaryDirectory directory;
    SequenceMark mark(directory.file("mark"));
    mark.note(9);
    REQUIRE(mark.close(7));
    SequenceMark read(directory.file("mark"));
    read.load();
    CHECK(read.committed() == 9);
    CHECK(read.shows_loss(8));
}

TEST_CASE_METHOD(OutboxFixture, "device texts go soon after their readings", "[buffer][damage]") {
    open();
    REQUIRE(store(0, some_readings(20)));
    reopen();
    REQUIRE(store(0, some_readings(20, 20)));
    close();
    CHECK(ask(settings.buffer.path, "SELECT count(*) FROM device") == 14);
    open();
    open_batch(0, 0, {20, 1U << 20});
    confirm(0, 0);
    reopen();
    close();
    CHECK(ask(settings.buffer.path, "SELECT count(*) FROM device") == 7);
    open();
    open_batch(0, 0);
    confirm(0, 0);
    reopen();
    close();
    CHECK(ask(settings.buffer.path, "SELECT count(*) FROM device") == 0);
}
