#include "gateway/observe/log.hpp"

#include "gateway/observe/memory_log.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>

using namespace gateway::observe;

namespace {

// What is written to standard error while it lives.
class StandardError {
  public:
    StandardError() : file_(directory_.write("stderr", "")), saved_(dup(STDERR_FILENO)) {
        const int descriptor = open(file_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
        REQUIRE(dup2(descriptor, STDERR_FILENO) == STDERR_FILENO);
        close(descriptor);
    }
    StandardError(const StandardError&) = delete;
    StandardError& operator=(const StandardError&) = delete;
    ~StandardError() {
        dup2(saved_, STDERR_FILENO);
        close(saved_);
    }

    std::string text() const { return tests::support::read_file(file_); }

  private:
    tests::support::TemporaryDirectory directory_;
    std::string file_;
    int saved_;
};

}  // namespace

TEST_CASE("outside systemd the log is lines on standard error", "[observe]") {
    const StandardError captured;
    const auto log = make_log(Level::info);
    log->warning("disk-slow", "commits take long");
    CHECK(captured.text().ends_with(" warning disk-slow: commits take long\n"));
}

TEST_CASE("what is below the level is not written", "[observe]") {
    const StandardError captured;
    const auto log = make_log(Level::warning);
    log->info("started", "ready");
    log->write(Level::debug, "detail", "x", {});
    CHECK(captured.text().empty());
    log->error("failed", "y");
    CHECK_FALSE(captured.text().empty());
}

TEST_CASE("a value of JOURNAL_STREAM that is not standard error does not count", "[observe]") {
    const StandardError captured;
    setenv("JOURNAL_STREAM", "1:2", 1);
    const auto log = make_log(Level::info);
    unsetenv("JOURNAL_STREAM");
    log->info("started", "ready");
    CHECK(captured.text().ends_with("info started: ready\n"));
}

TEST_CASE("repetitions are written at the latest when the log closes", "[observe]") {
    const StandardError captured;
    auto log = make_log(Level::info);
    for (int i = 0; i < 1000; ++i) log->info("frame-refused", "malformed");
    log->write_repetitions();
    const std::string text = captured.text();
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
    log.reset();
    CHECK(captured.text().ends_with("frame-refused: malformed repetitions=999\n"));
}

TEST_CASE("threads that log at once lose nothing and mix no lines", "[observe]") {
    const StandardError captured;
    auto log = make_log(Level::info);
    constexpr int kThreads = 4;
    constexpr int kEvents = 500;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&log, thread] {
            const std::string name = std::to_string(thread);
            const std::array<Field, 1> fields{Field{"thread", name}};
            for (int i = 0; i < kEvents; ++i) log->write(Level::info, "event", "text", fields);
        });
    }
    for (auto& thread : threads) thread.join();
    log.reset();
    const std::string text = captured.text();
    for (int thread = 0; thread < kThreads; ++thread) {
        const std::string line = "event: text thread=" + std::to_string(thread);
        CHECK(text.find(line + '\n') != std::string::npos);
        CHECK(text.find(line + " repetitions=" + std::to_string(kEvents - 1)) != std::string::npos);
    }
}

TEST_CASE("the log in memory keeps events with their fields", "[observe]") {
    MemoryLog log;
    const std::array<Field, 1> fields{Field{"uplink", "city"}};
    log.write(Level::error, "uplink-unreachable", "no answer", fields);
    log.info("started", "ready");
    CHECK(log.count("uplink-unreachable") == 1);
    CHECK(log.entries().front().fields.front().second == "city");
}
