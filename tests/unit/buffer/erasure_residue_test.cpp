// SQLite moves rows between pages and wipes what it frees, but not what it moved: nothing of a
// person may be left where a row once was.
#include "gateway/buffer/group.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "outbox_fixture.hpp"
#include "tests/proof/fast_directory.hpp"

#include <random>

using namespace tests::buffer;

namespace {

constexpr int kLives = 20;
constexpr int kPeople = 30;
constexpr std::uint64_t kDevicesMax = 100'000;  // more than there are

// As a pseudonym: nothing that a segment's compression would shorten.
std::string text_of_person(int person) {
    std::mt19937 random(static_cast<std::uint32_t>(person));
    std::string text;
    for (int i = 0; i < 26; ++i) text += "abcdefghijklmnopqrstuvwxyz234567"[random() % 32];
    return text;
}

// A store in which people come, are delivered, pruned and erased, one after the other.
class ResidueLife {
  public:
    explicit ResidueLife(std::uint32_t seed) : random_(seed) {
        settings_.buffer.path = directory_.file("buffer.db");
        settings_.datasets = {dataset("water")};
        settings_.uplinks = {uplink("city")};
        auto opened = open_store(settings_, clock_);
        REQUIRE(opened);
        store_ = std::move(opened->store);
        next_device_ = store_->next_device();
    }

    // The persons of whom something is left in the files after they were erased.
    int run() {
        int left = 0;
        write_some();
        for (int person = 0; person < kPeople; ++person) {
            deliver(random_() % 3);
            erase(person);
            deliver(1);  // with it the recipient has been told
            write_of_another();
            left += stands_in_files(text_of_person(person)) ? 1 : 0;
        }
        return left;
    }

  private:
    void write_some() {
        for (std::uint64_t groups = 100 + random_() % 100; groups > 0; --groups) {
            tests::support::PublicReadings readings;
            for (std::uint64_t count = 1 + random_() % 4; count > 0; --count) {
                const auto person = static_cast<int>(random_() % kPeople);
                add(readings, "\"" + text_of_person(person) + "\"");
            }
            write(readings);
        }
    }

    // What is in memory of a page comes back into the log when the page changes again.
    void write_of_another() {
        tests::support::PublicReadings readings;
        add(readings, "\"nobody\"");
        write(readings);
    }

    void add(tests::support::PublicReadings& readings, const std::string& phone) {
        readings.add(
            {.device = "device-" + std::to_string(random_() % 3),
             .quantity = &kVolume,
             .value = {static_cast<std::int64_t>(random_() % 1'000), 0},
             .observed_at = kStart,
             .attributes = R"({"phone":)" + phone + "}"}
        );
    }

    void write(const tests::support::PublicReadings& readings) {
        const std::vector<settings::Priority> priorities{settings::Priority::normal};
        GroupBuilder builder(priorities, next_device_);
        REQUIRE(builder.add(0, readings.all()));
        const auto group = builder.take({}, clock_.now());
        next_device_ += group.new_devices.size();
        REQUIRE(store_->write(group));
    }

    void deliver(std::uint64_t batches) {
        const QueueLane lane{0, Lane::live};
        for (; batches > 0; --batches) {
            const auto batch = store_->open_batch(lane, {5, 1U << 20});
            REQUIRE(batch);
            if (!*batch) return;
            REQUIRE(store_->confirm(lane, (*batch)->last_sequence));
        }
    }

    void erase(int person) {
        const Trait trait{"phone", "\"" + text_of_person(person) + "\""};
        const auto erased = store_->erase({{{"water", {trait}}}, kDevicesMax, clock_.now()});
        REQUIRE(erased);
        REQUIRE(erased->state == Erased::State::done);
    }

    bool stands_in_files(const std::string& text) const {
        for (const char* file : {"buffer.db", "buffer.db-wal"}) {
            const std::string content = tests::support::read_file(directory_.file(file));
            if (content.find(text) != std::string::npos) return true;
        }
        return false;
    }

    std::mt19937 random_;
    tests::proof::FastDirectory directory_;
    runtime::ManualClock clock_{kStart};
    settings::Settings settings_;
    std::unique_ptr<Store> store_;
    std::uint64_t next_device_ = 1;
};

}  // namespace

TEST_CASE("nothing of who was erased is left in the gaps of pages", "[erasure]") {
    int left = 0;
    for (std::uint32_t seed = 1; seed <= kLives; ++seed) left += ResidueLife(seed).run();
    CHECK(left == 0);
}
