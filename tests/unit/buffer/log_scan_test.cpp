#include "gateway/buffer/log_scan.hpp"

#include "gateway/buffer/sqlite_connection.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

using namespace gateway::buffer;

namespace {

constexpr int kCommits = 300;
constexpr int kRounds = 30;

// A database whose log has been filled, and begun anew: behind its end lie frames of before.
class LogInUse {
  public:
    LogInUse() : connection_(*SqliteConnection::open(path_, {})) {
        REQUIRE(connection_.execute("PRAGMA synchronous = OFF"));  // more happens in a scan
        REQUIRE(connection_.execute("PRAGMA wal_autocheckpoint = 0"));
        REQUIRE(connection_.execute(
            "CREATE TABLE number (value BLOB); CREATE TABLE count (of_numbers); "
            "INSERT INTO count VALUES (0)"
        ));
        commit(2 * kCommits);
        begin_anew();
    }

    void begin_anew() {
        REQUIRE(connection_.checkpoint(false));
        commit(1);
    }

    void commit(int times) {
        for (int i = 0; i < times; ++i) {
            const auto done = connection_.execute(
                "BEGIN; INSERT INTO number VALUES (zeroblob(3000)); "
                "UPDATE count SET of_numbers = of_numbers + 1; COMMIT"
            );
            if (!done) ++failures_;
        }
    }

    int failures() const { return failures_; }
    const std::string& path() const { return path_; }
    std::string log() const { return path_ + "-wal"; }

  private:
    tests::support::TemporaryDirectory directory_;
    std::string path_ = directory_.write("numbers.db", {});
    SqliteConnection connection_;
    int failures_ = 0;
};

// Fills the log again and again, and looks meanwhile; how often.
int look_while_written(LogInUse& log, const std::function<void()>& look) {
    int looks = 0;
    for (int i = 0; i < kRounds; ++i) {
        log.begin_anew();
        std::atomic<bool> is_done = false;
        std::thread writer([&] {
            log.commit(kCommits);
            is_done = true;
        });
        do {
            ++looks;
            look();
        } while (!is_done);
        writer.join();
    }
    return looks;
}

// Whether each row that is there was counted in its transaction.
bool are_counted(const std::string& path) {
    auto connection = SqliteConnection::look_at(path);
    if (!connection) return false;
    const auto uncounted =
        connection->integer("SELECT (SELECT count(*) FROM number) - of_numbers FROM count");
    return uncounted && *uncounted == 0;
}

}  // namespace

TEST_CASE("a log is not damaged by being written while it is read", "[buffer][damage]") {
    LogInUse log;
    int damaged = 0;
    const int scans = look_while_written(log, [&] {
        if (scan_log(FileReader(log.log())).damaged) ++damaged;
    });
    CHECK(log.failures() == 0);
    CHECK(scans >= kRounds);
    CHECK(damaged == 0);
}

TEST_CASE("whoever looks beside a writer sees whole transactions", "[buffer][damage]") {
    LogInUse log;
    int halves = 0;
    const int looks = look_while_written(log, [&] {
        if (!are_counted(log.path())) ++halves;
    });
    CHECK(log.failures() == 0);
    CHECK(looks >= kRounds);
    CHECK(halves == 0);
}

TEST_CASE("a frame that is damaged is told, and where", "[buffer][damage]") {
    constexpr std::uint64_t kSecondFrame = 32 + SqliteConnection::kFrameBytes;
    LogInUse log;
    log.commit(kCommits);
    CHECK(scan_log(FileReader(log.log())).frames.size() > kCommits);
    std::fstream(log.log(), std::ios::in | std::ios::out | std::ios::binary)
        .seekp(kSecondFrame + 100)
        .put('x');
    CHECK(scan_log(FileReader(log.log())).damaged);
    CHECK(scan_log(FileReader(log.log())).broken_at == kSecondFrame);
}
