#include "gateway/buffer/page_checksum.hpp"
#include "gateway/doctor/store_checks.hpp"
#include "gateway/doctor/sync_checks.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/doctor/found.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <span>

using namespace std::chrono_literals;
using gateway::doctor::Account;
using gateway::doctor::BlockDevice;
using gateway::doctor::check_pages;
using gateway::doctor::check_store;
using gateway::doctor::judge_syncs;
using gateway::doctor::own_account;
using gateway::doctor::Severity;
using tests::found;
using tests::severity_of;
using tests::support::TemporaryDirectory;

namespace {

constexpr std::size_t kPageBytes = 4096;

// A database file of so many pages with checksums, as far as one is looked at.
std::string sealed_pages(std::uint32_t count) {
    std::string content;
    for (std::uint32_t number = 1; number <= count; ++number) {
        std::string page(kPageBytes, static_cast<char>('a' + number));
        if (number == 1) {
            page.replace(0, 16, std::string_view("SQLite format 3\0", 16));
            page[20] = static_cast<char>(gateway::buffer::kPageReserveBytes);
        }
        gateway::buffer::seal_page(std::as_writable_bytes(std::span(page)), number);
        content += page;
    }
    return content;
}

class StoreBox {
  public:
    StoreBox() {
        settings_.gateway.state_directory = directory_.path().string();
        settings_.buffer.path = directory_.file("buffer.db");
    }
    gateway::doctor::Checks look(bool is_held = false, const Account& account = own_account())
        const {
        return check_store(settings_, account, is_held);
    }
    void store(std::string_view content) const {
        const auto path = directory_.write("buffer.db", content);
        ::chmod(path.c_str(), 0600);
    }
    const TemporaryDirectory& directory() const { return directory_; }
    gateway::settings::Settings& settings() { return settings_; }

  private:
    TemporaryDirectory directory_;
    gateway::settings::Settings settings_;
};

Account stranger() {
    return {4711, {4711}, "stranger"};
}

}  // namespace

TEST_CASE("a store as the gateway leaves it is in order", "[doctor]") {
    const StoreBox box;
    box.store(sealed_pages(5));
    CHECK(worst_of(box.look()) == Severity::ok);
    CHECK(severity_of(box.look(), "buffer-pages") == Severity::ok);
}

TEST_CASE("one bit that changed in a page is found", "[doctor]") {
    const StoreBox box;
    auto content = sealed_pages(5);
    content[3 * kPageBytes + 17] ^= 1;
    box.store(content);
    CHECK(severity_of(box.look(), "buffer-pages") == Severity::failure);
    CHECK(severity_of(box.look(), "buffer-file") == Severity::ok);
}

TEST_CASE("a store that a gateway holds is not judged by its pages", "[doctor]") {
    const StoreBox box;
    auto content = sealed_pages(5);
    content[3 * kPageBytes + 17] ^= 1;
    box.store(content);
    CHECK(severity_of(box.look(true), "buffer-pages") == Severity::skipped);
}

TEST_CASE("what is no database is found", "[doctor]") {
    const StoreBox box;
    box.store("no database");
    CHECK(severity_of(box.look(), "buffer-file") == Severity::failure);
    box.store("");
    CHECK(severity_of(box.look(), "buffer-file") == Severity::ok);
}

TEST_CASE("a store that everybody reads is a warning", "[doctor]") {
    const StoreBox box;
    box.store(sealed_pages(2));
    ::chmod(box.directory().file("buffer.db").c_str(), 0644);
    CHECK(severity_of(box.look(), "buffer-file") == Severity::warning);
}

TEST_CASE("damaged stores beside it are told", "[doctor]") {
    const StoreBox box;
    box.directory().write("buffer.db.damaged-2026-01-31T12:00:00Z", "x");
    box.directory().write("buffer.db.damaged-2026-01-31T12:00:00Z-wal", "x");
    const auto check = found(box.look(), "buffer-damaged");
    CHECK(check.severity == Severity::warning);
    CHECK(check.finding.find(" 1 ") != std::string::npos);
}

TEST_CASE("directories are judged for the account of the gateway", "[doctor]") {
    StoreBox box;
    ::chmod(box.directory().path().c_str(), 0755);
    CHECK(severity_of(box.look(false, stranger()), "buffer-directory") == Severity::failure);
    ::chmod(box.directory().path().c_str(), 0777);
    CHECK(severity_of(box.look(false, stranger()), "buffer-directory") == Severity::ok);
    box.settings().buffer.path = box.directory().file("data/buffer.db");
    CHECK(severity_of(box.look(), "buffer-directory") == Severity::notice);
    ::chmod(box.directory().path().c_str(), 0755);
    const auto check = found(box.look(false, stranger()), "buffer-directory");
    CHECK(check.severity == Severity::failure);
    CHECK(check.remedy.find("install -d -o stranger") != std::string::npos);
}

TEST_CASE("syncs are measured without leaving a file", "[doctor]") {
    const TemporaryDirectory directory;
    const auto times = gateway::doctor::measure_syncs(directory.path().string());
    REQUIRE(times);
    CHECK_FALSE(times->empty());
    CHECK(std::filesystem::is_empty(directory.path()));
    CHECK_FALSE(gateway::doctor::measure_syncs(directory.file("missing")));
}

TEST_CASE("a slow disk is told by its median, and by one long wait", "[doctor]") {
    const BlockDevice disk{"sda1", "sda", ""};
    const auto latency = [&](gateway::doctor::SyncTimes times) {
        return severity_of(judge_syncs(std::move(times), disk, false), "sync-latency");
    };
    CHECK(latency({5ms, 7ms, 6ms}) == Severity::ok);
    CHECK(latency({5ms, 2100ms, 6ms}) == Severity::warning);
    CHECK(latency({300ms, 300ms, 6ms}) == Severity::warning);
    CHECK(latency({3000ms, 2000ms, 6ms}) == Severity::failure);
}

TEST_CASE("what syncs quicker than its kind can is suspected, never more", "[doctor]") {
    const BlockDevice card{"mmcblk0p2", "mmcblk0", ""};
    const BlockDevice disk{"sda1", "sda", ""};
    const BlockDevice guest{"vda1", "vda", ""};
    const auto honesty = [](auto time, const auto& device, bool is_rotational) {
        return severity_of(judge_syncs({time, time, time}, device, is_rotational), "sync-honesty");
    };
    CHECK(honesty(100us, card, false) == Severity::warning);
    CHECK(honesty(2000us, card, false) == Severity::ok);
    CHECK(honesty(100us, disk, true) == Severity::warning);
    CHECK(honesty(100us, disk, false) == Severity::ok);  // flash behind a cache with a battery
    CHECK(honesty(100us, guest, true) == Severity::skipped);
    CHECK(honesty(100us, std::optional<BlockDevice>{}, false) == Severity::skipped);
}
