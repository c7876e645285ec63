// A store that is looked at while another has it open, and after.
#include "gateway/buffer/store_view.hpp"

#include "gateway/buffer/erasure_order_table.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/store_audit.hpp"
#include "outbox_fixture.hpp"

#include <filesystem>
#include <fstream>
#include <thread>

using namespace tests::buffer;
using tests::support::read_file;

namespace {

class ViewFixture : public OutboxFixture {
  public:
    ViewFixture() {
        settings.datasets = {dataset("water"), dataset("air")};
        settings.uplinks = {uplink("city")};
    }

    std::vector<std::uint64_t> sequences(const std::string& name = "water") {
        std::vector<std::uint64_t> found;
        const auto done = look_at_store(settings, &keys, [&](StoreView& view) {
            found.clear();
            const auto add = [&](const PersonRow& row) {
                found.push_back(row.sequence);
                return true;
            };
            return view.readings(*view.layout().find(name), 0, add, [&](const SegmentRow& row) {
                unreadable += row.count;
            });
        });
        REQUIRE(done);
        return found;
    }

    void flip(std::uint64_t at) const {
        std::fstream file(settings.buffer.path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekg(static_cast<std::streamoff>(at));
        const int byte = file.get();
        file.seekp(static_cast<std::streamoff>(at));
        file.put(static_cast<char>(byte ^ 1));
    }

    std::uint64_t unreadable = 0;
};

}  // namespace

TEST_CASE_METHOD(ViewFixture, "an open store is looked at beside its owner", "[buffer][view]") {
    open();
    REQUIRE(store(0, some_readings(300)));
    REQUIRE(store(1, some_readings(20)));
    confirm(0, 1);
    const auto before = read_file(settings.buffer.path);
    const auto log_before = read_file(settings.buffer.path + "-wal");
    CHECK(sequences().size() == 300);
    const auto view = StoreView::open(settings, &keys);
    REQUIRE(view);
    CHECK((*view)->is_current());
    CHECK((*view)->state().ledger == outbox().ledger());
    CHECK((*view)->state().queues[0].waiting() == waiting(0, 0));
    CHECK((*view)->state().queues[1].waiting() == waiting(0, 1));
    CHECK((*view)->figures((*view)->layout().datasets()[0])->readings == 300);
    CHECK(read_file(settings.buffer.path) == before);
    CHECK(read_file(settings.buffer.path + "-wal") == log_before);
    REQUIRE(store(0, some_readings(5)));  // the owner was not disturbed
    CHECK((*view)->is_current());         // what is in the log alone changes nothing seen before
    CHECK(sequences().size() == 305);
}

TEST_CASE_METHOD(ViewFixture, "a view that its owner has changed says so", "[buffer][view]") {
    open();
    REQUIRE(store(0, some_readings(300)));
    const auto view = StoreView::open(settings, &keys);
    REQUIRE(view);
    std::this_thread::sleep_for(StoreMoment::kStampMax);
    close();  // copies the log
    CHECK_FALSE((*view)->is_current());
}

TEST_CASE_METHOD(ViewFixture, "a sound store passes its audit, open or closed", "[buffer][view]") {
    open();
    REQUIRE(store(0, some_readings(300)));
    confirm(0, 0);
    REQUIRE(store(0, some_readings(200)));
    const Audit beside = audit_store(settings, &keys);
    CHECK(beside.is_sound());
    close();
    const Audit audit = audit_store(settings, &keys);
    CHECK(audit.is_sound());
    CHECK(audit.pages > 0);
    CHECK(audit.segments > 0);
    CHECK(audit.uplinks_balanced == 1);
    CHECK_FALSE(audit.keys_failure);
}

TEST_CASE_METHOD(ViewFixture, "a flipped bit in any page is found", "[buffer][view]") {
    open();
    for (int i = 0; i < 8; ++i) REQUIRE(store(0, some_readings(300, i * 300)));
    close();
    REQUIRE(audit_store(settings, &keys).is_sound());
    const auto pages = std::filesystem::file_size(settings.buffer.path) / 4096;
    for (std::uint64_t page = 0; page < pages; ++page) {
        const std::uint64_t at = page * 4096 + 100 + page * 37 % 3900;
        flip(at);
        const Audit audit = audit_store(settings, &keys);
        INFO(page);
        CHECK(audit.pages_damaged == 1);
        REQUIRE(audit.damaged.size() == 1);
        CHECK(audit.damaged.front() == page + 1);
        flip(at);
    }
    CHECK(audit_store(settings, &keys).is_sound());
}

TEST_CASE_METHOD(ViewFixture, "an audit finds what no page tells", "[buffer][view]") {
    open();
    REQUIRE(store(0, some_readings(300)));
    close();
    const auto change = [&](const char* statement) {
        auto connection = SqliteConnection::open(settings.buffer.path, {});
        REQUIRE(connection);
        REQUIRE(connection->execute(statement));
        REQUIRE(connection->checkpoint(true));
    };
    SECTION("books that do not agree") {
        change("UPDATE ledger SET count = count + 7 WHERE uplink = 'city' AND counter = 'stored'");
        const Audit audit = audit_store(settings, &keys);
        REQUIRE(audit.books.size() == 1);
        CHECK(audit.books.front().stored == audit.books.front().accounted + 7);
    }
    SECTION("a device without a name") {
        change("DELETE FROM device WHERE id = (SELECT max(id) FROM device)");
        const Audit audit = audit_store(settings, &keys);
        REQUIRE(audit.segments_faulty >= 1);
        CHECK(audit.faults.front().kind == SegmentFault::Kind::no_device);
    }
    SECTION("a body that does not open") {
        change("UPDATE segment SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB)"
        );
        const Audit audit = audit_store(settings, &keys);
        REQUIRE(audit.segments_faulty >= 1);
        CHECK(audit.faults.front().kind == SegmentFault::Kind::damaged);
        CHECK(sequences().empty());
        CHECK(unreadable == 300);
    }
    SECTION("a key that is gone") {
        for (const auto& name : *keys.names("")) REQUIRE(keys.destroy(name));
        const Audit audit = audit_store(settings, &keys);
        const bool is_gone =
            audit.keys_failure == Errc::keys_missing ||
            (!audit.faults.empty() && audit.faults.front().kind == SegmentFault::Kind::key_gone);
        CHECK(is_gone);
    }
    SECTION("readings at the end") {
        change("UPDATE ledger SET count = count - 100 WHERE counter = 'sequence'");
        const Audit audit = audit_store(settings, &keys);
        CHECK(audit.lost_at_end == 100);
    }
}

TEST_CASE_METHOD(ViewFixture, "a person who is being erased is not shown", "[buffer][view]") {
    open();
    tests::support::PublicReadings readings;
    for (int i = 0; i < 30; ++i) {
        readings.add(
            {.device = i % 3 == 0 ? "erased" : "other",
             .quantity = &kVolume,
             .value = {i, 0},
             .observed_at = kStart,
             .attributes = i % 5 == 0 ? R"({"phone":"gone"})" : "{}"}
        );
    }
    REQUIRE(store(0, readings));
    close();
    CHECK(sequences().size() == 30);  // the control
    {
        auto connection = SqliteConnection::open(settings.buffer.path, {});
        REQUIRE(connection);
        ErasureOrderTable orders(*connection);
        REQUIRE(orders.insert({{{"water", {{"", "erased"}}}}, 1000, kStart}));
        REQUIRE(orders.insert({{{"water", {{"phone", "\"gone\""}}}}, 1001, kStart}));
    }
    CHECK(sequences().size() == 16);  // neither every third nor every fifth
}

TEST_CASE_METHOD(ViewFixture, "what is no store is told apart", "[buffer][view]") {
    settings.buffer.path = directory.file("nothing.db");
    CHECK(
        StoreView::open(settings, &keys).error() == boost::system::errc::no_such_file_or_directory
    );
    CHECK_FALSE(std::filesystem::exists(settings.buffer.path));
    std::ofstream(settings.buffer.path).flush();
    CHECK(StoreView::open(settings, &keys).error() == Errc::damaged);
    std::ofstream(settings.buffer.path) << std::string(8192, 'x');
    CHECK(StoreView::open(settings, &keys).error() == Errc::damaged);
    CHECK_FALSE(audit_store(settings, &keys).is_sound());
}

TEST_CASE_METHOD(ViewFixture, "a store of another release is left alone", "[buffer][view]") {
    open();
    REQUIRE(store(0, some_readings(3)));
    close();
    const auto open_as = [&](const char* statement) {
        auto connection = SqliteConnection::open(settings.buffer.path, {});
        REQUIRE(connection);
        REQUIRE(connection->execute(statement));
        REQUIRE(connection->checkpoint(true));
        return StoreView::open(settings, &keys);
    };
    CHECK(open_as("PRAGMA user_version=8").error() == Errc::older_schema);
    CHECK(open_as("PRAGMA user_version=1000").error() == Errc::newer_schema);
}

TEST_CASE_METHOD(ViewFixture, "a file that was cut is damaged", "[buffer][view]") {
    open();
    REQUIRE(store(0, some_readings(3000)));
    close();
    const auto whole = std::filesystem::file_size(settings.buffer.path);
    REQUIRE(audit_store(settings, &keys).is_sound());
    for (const std::uint64_t left : {whole - 4096, whole / 2, std::uint64_t{100}}) {
        std::filesystem::resize_file(settings.buffer.path, left);
        INFO(left);
        CHECK(audit_store(settings, &keys).view_failure == Errc::damaged);
    }
}
