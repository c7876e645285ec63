// A store whose files are not what they were: it opens, says so, and delivers nothing that was not
// stored.
#include "fast_directory.hpp"
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "gateway/buffer/suspicion.hpp"
#include "numbered_readings.hpp"
#include "proof_size.hpp"
#include "store_life.hpp"
#include "stored_image.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace gateway;
using namespace tests::proof;

namespace {

constexpr std::uint64_t kSeeds = 3'000;
constexpr std::uint64_t kDamagesOfStore = 60;  // of the same store, one at a time
constexpr int kStepsMax = 120;

// A store as it lay on the disk, and what it had promised.
struct Sample {
    std::unique_ptr<StoreLife> life;
    DiskImage image;
    std::string database;

    std::string& file(const std::string& suffix) { return image[database + suffix]; }
};

// In use when the process ended, or closed.
Sample make_sample(std::uint32_t seed, bool closed) {
    const FastDirectory directory;  // stays empty
    SimulatedDisk disk(directory.path().string());
    use(disk);
    Sample sample;
    sample.database = directory.file("buffer.db");
    sample.life = std::make_unique<StoreLife>(seed, sample.database, StoreLife::kSmall);
    REQUIRE(sample.life->open(kSimulatedVfs));
    const int steps = 1 + static_cast<int>(sample.life->random()() % kStepsMax);
    for (int i = 0; i < steps; ++i) REQUIRE(sample.life->step());
    if (closed) REQUIRE(sample.life->close());
    sample.life->abandon();
    sample.image = disk.seen();
    return sample;
}

// What a damaged store does when it is opened.
class Aftermath {
  public:
    explicit Aftermath(const Sample& sample) : life_(*sample.life), keys_(life_.keys()) {}

    Promises::Complaints open(const DiskImage& image) {
        auto settings = life_.settings();
        settings.buffer.path = put(image, directory_);
        // As the service manager does after a store has failed.
        for (int starts = 0; starts < kStartsMax && !delivered_; ++starts) {
            auto opened = buffer::open_store(settings, life_.clock(), {}, {}, &keys_);
            if (!opened) return {"does not open: " + opened.error().message()};
            for (auto& notice : opened->notices) notices.push_back(std::move(notice));
            delivered_ = inspect(*opened->store);
            opened->store.reset();
            if (!delivered_) buffer::suspect_store(settings.buffer.path);
        }
        if (!delivered_) complaints_.emplace_back("cannot be read");
        compare();
        // What was put right stays right.
        const auto again = buffer::open_store(settings, life_.clock(), {}, {}, &keys_);
        if (!again || !again->notices.empty()) complaints_.emplace_back("not put right");
        return std::move(complaints_);
    }

    bool noticed(std::string_view code) const {
        return std::any_of(notices.begin(), notices.end(), [&](const auto& notice) {
            return notice.code == code;
        });
    }

    std::vector<buffer::Notice> notices;
    // Readings that an uplink lost and that neither its count nor a notice covers. Without the
    // books nobody knows how many had been stored; that is told.
    std::uint64_t uncounted() const {
        std::uint64_t told = 0;
        for (const auto& notice : notices) {
            if (notice.detail.ends_with("the counts begin anew")) return 0;
            if (notice.code == "readings-lost" || notice.code == "store-missing")
                told += std::stoull(notice.detail);
        }
        std::uint64_t sum = 0;
        for (const auto& [name, count] : lost_of_) {
            const auto again = again_of_.find(name);
            std::uint64_t counted = damaged_of_.at(name) + told;
            if (again != again_of_.end()) counted += again->second;
            sum += count - std::min(count, counted);
        }
        return sum;
    }

    std::uint64_t lost = 0;     // acknowledged, not delivered before, not there
    std::uint64_t damaged = 0;  // counted so, by the uplink with most
    std::uint64_t found = 0;
    std::uint64_t first_sequence = 0;  // of the next reading stored

  private:
    // Delivers everything; false when the store says that it is damaged.
    bool inspect(buffer::SqliteStore& store) {
        std::map<std::string, std::uint64_t> waiting;
        const auto ledger = store.state().ledger;
        for (std::size_t queue = 0; queue < store.queues().size(); ++queue) {
            const auto delivered = deliver(store, queue);
            if (!delivered) return false;
            waiting[store.queues()[queue].uplink] += *delivered;
        }
        names_.assign(store.queues().begin(), store.queues().end());
        for (const auto& [name, uplink] : store.state().ledger.uplinks) {
            damaged_of_[name] = uplink.evicted[kDamaged];
            damaged = std::max(damaged, uplink.evicted[kDamaged]);
            const auto waits = static_cast<std::int64_t>(uplink.waiting());
            if (waits != 0) complaints_.push_back(name + ": waits " + std::to_string(waits));
            if (uplink.delivered - ledger.uplinks.at(name).delivered != waiting[name])
                complaints_.push_back(name + ": delivered");
        }
        write(store);
        return true;
    }

    std::optional<std::uint64_t> deliver(buffer::Store& store, std::size_t queue) {
        std::uint64_t delivered = 0;
        for (const auto lane : {buffer::Lane::backlog, buffer::Lane::live}) {
            const buffer::QueueLane from{queue, lane};
            while (true) {
                const auto batch = store.open_batch(from, {});
                if (!batch) return stopped(batch.error());
                if (!*batch) break;
                for (const auto& reading : (*batch)->readings) {
                    ++delivered;
                    take(queue, reading, **batch);
                }
                const auto confirmed = store.confirm(from, (*batch)->last_sequence);
                if (!confirmed) return stopped(confirmed.error());
            }
        }
        return delivered;
    }

    std::nullopt_t stopped(const boost::system::error_code& error) {
        if (error != buffer::Errc::damaged) complaints_.push_back(error.message());
        return std::nullopt;
    }

    void take(std::size_t queue, const buffer::StoredReading& reading, const buffer::Batch& batch) {
        const auto& known = life_.promises().readings(queue);
        const auto at = known.find(reading.sequence);
        if (at == known.end() || at->second != number_of(reading))
            complaints_.emplace_back("never stored");
        const auto different = differences(reading, batch);
        if (!different.empty()) complaints_.push_back("other" + different);
        if (seen_[queue].insert(reading.sequence).second) ++found;
    }

    void compare() {
        for (std::size_t queue = 0; queue < life_.promises().state().queues.size(); ++queue) {
            for (const auto& [sequence, number] : life_.promises().pending(queue)) {
                if (seen_[queue].contains(sequence)) continue;
                ++lost;
                if (delivered_) ++lost_of_[names_[queue].uplink];
            }
            for (const std::uint64_t sequence : seen_[queue]) {
                if (!life_.promises().pending(queue).contains(sequence))
                    ++again_of_[names_[queue].uplink];
            }
        }
    }

    void write(buffer::SqliteStore& store) {
        buffer::GroupBuilder builder({settings::Priority::normal}, store.next_device());
        tests::support::PublicReadings readings;
        add_numbered(readings, 1);
        REQUIRE(builder.add(0, readings.all()));
        const auto written = store.write(builder.take({}, life_.clock().now()));
        if (!written) complaints_.push_back("cannot store: " + written.error().message());
        first_sequence = store.state().last_sequence;
    }

    static constexpr int kStartsMax = 3;
    static constexpr auto kDamaged = static_cast<std::size_t>(buffer::Eviction::damaged);

    StoreLife& life_;
    tests::support::MemoryKeyRing keys_;  // as they were
    FastDirectory directory_;
    Promises::Complaints complaints_;
    std::map<std::size_t, std::set<std::uint64_t>> seen_;  // sequences by queue
    std::vector<buffer::QueueName> names_;                 // of the queues
    std::map<std::string, std::uint64_t> lost_of_;         // by uplink
    std::map<std::string, std::uint64_t> again_of_;
    std::map<std::string, std::uint64_t> damaged_of_;
    bool delivered_ = false;
};

std::string text_of(const Promises::Complaints& complaints) {
    std::string text;
    for (const auto& complaint : complaints) text += complaint + "; ";
    return text;
}

// No complaints; when something still tells where the store ended, nothing is lost in silence and
// no sequence is given twice.
void check(Sample& sample, const DiskImage& image, bool knows_end = true, bool has_books = true) {
    Aftermath aftermath(sample);
    CHECK(text_of(aftermath.open(image)) == "");
    std::string notices;
    for (const auto& notice : aftermath.notices)
        notices.append(notice.code).append(": ").append(notice.detail).append("; ");
    INFO("lost " << aftermath.lost << ", counted " << aftermath.damaged << "; " << notices);
    if (!knows_end) return;
    CHECK(aftermath.first_sequence > sample.life->promises().state().last_sequence);
    if (has_books) CHECK(aftermath.uncounted() == 0);
}

std::string some_file(std::mt19937& random) {
    const auto kind = random() % 9;
    if (kind < 5) return "";
    if (kind < 7) return "-wal";
    return kind == 7 ? ".sequences" : ".sequences.last";
}

char other(char byte, std::mt19937& random) {
    return static_cast<char>(byte ^ static_cast<char>(1U << random() % 8));
}

void flip_somewhere(std::string& content, std::mt19937& random) {
    for (auto flips = 1 + random() % 4; flips > 0 && !content.empty(); --flips) {
        char& byte = content[random() % content.size()];
        byte = other(byte, random);
    }
}

void damage(std::string& content, std::mt19937& random) {
    constexpr std::size_t kPage = buffer::SqliteConnection::kPageBytes;
    const std::size_t pages = content.size() / kPage;
    switch (random() % 8) {
        case 0:
            content.resize(content.empty() ? 0 : random() % content.size());
            return;
        case 1:
            content.clear();
            return;
        case 2:
            for (char& byte : content) byte = static_cast<char>(random());
            return;
        case 3:  // a page at the place of another
            if (pages > 1)
                content.replace(
                    random() % pages * kPage, kPage, content.substr(random() % pages * kPage, kPage)
                );
            return;
        case 4:  // a sector that was never written
            if (pages > 0)
                content.replace(
                    random() % (content.size() / 512) * 512, 512, std::string(512, '\0')
                );
            return;
        default:
            flip_somewhere(content, random);
    }
}

// `work(sample, seed, random)` for as many seeds as are asked for, with a new store now and then.
template <class Work>
void for_each_seed(Work work) {
    const std::uint64_t seeds = proof_size(kSeeds);
    Sample sample;
    for (std::uint64_t i = 0; i < seeds; ++i) {
        const auto seed = static_cast<std::uint32_t>(proof_seed() + i);
        if (i % kDamagesOfStore == 0) sample = make_sample(seed, i / kDamagesOfStore % 2 == 0);
        std::mt19937 random(seed);
        work(sample, seed, random);
    }
}

}  // namespace

TEST_CASE("a store opens whatever has become of its files", "[proof][damage]") {
    for_each_seed([](Sample& sample, std::uint32_t seed, std::mt19937& random) {
        DiskImage image = sample.image;
        const std::string suffix = some_file(random);
        INFO("seed " << seed << ", file " << suffix);
        damage(image[sample.database + suffix], random);
        if (random() % 16 == 0) image.erase(sample.database + suffix);
        check(sample, image);
    });
}

TEST_CASE("a store opens whatever has become of two of its files", "[proof][damage]") {
    for_each_seed([](Sample& sample, std::uint32_t seed, std::mt19937& random) {
        DiskImage image = sample.image;
        const std::set<std::string> suffixes{some_file(random), some_file(random)};
        INFO("seed " << seed << ", files " << *suffixes.begin() << " " << *suffixes.rbegin());
        for (const auto& suffix : suffixes) damage(image[sample.database + suffix], random);
        const bool knows_end = suffixes.size() == 1 || !suffixes.contains(".sequences.last");
        // Of the books, too, there may be an old state, or parts.
        const bool has_books = !suffixes.contains("") || !suffixes.contains("-wal");
        check(sample, image, knows_end, has_books);
    });
}

TEST_CASE("a store opens with a flipped bit at every place of its structure", "[proof][damage]") {
    constexpr std::size_t kPage = buffer::SqliteConnection::kPageBytes;
    auto sample = make_sample(7, false);
    std::mt19937 random(7);
    std::set<std::pair<std::string, std::size_t>> places;
    for (std::size_t i = 0; i < 100; ++i) places.emplace("", i);
    for (std::size_t page = 0; page < sample.file("").size(); page += kPage) {
        for (const std::size_t i : {0U, 1U, 3U, 4U, 5U, 7U, 8U, 9U, 11U, 12U, 4088U, 4092U, 4095U})
            places.emplace("", page + i);
    }
    for (std::size_t i = 0; i < 32; ++i) places.emplace("-wal", i);
    for (std::size_t frame = 32; frame < sample.file("-wal").size(); frame += kPage + 24) {
        for (std::size_t i = 0; i < 24; i += 3) places.emplace("-wal", frame + i);
    }
    for (const auto* mark : {".sequences", ".sequences.last"}) {
        for (std::size_t i = 0; i < sample.file(mark).size(); ++i) places.emplace(mark, i);
    }
    for (const auto& [suffix, place] : places) {
        INFO("file " << suffix << ", byte " << place);
        DiskImage image = sample.image;
        char& byte = image[sample.database + suffix].at(place);
        byte = other(byte, random);
        check(sample, image);
    }
}

TEST_CASE("a log with a damaged header loses nothing", "[proof][damage]") {
    auto sample = make_sample(11, false);
    REQUIRE(sample.file("-wal").size() > 10'000);
    for (std::size_t i = 0; i < 32; ++i) {
        INFO("byte " << i);
        DiskImage image = sample.image;
        image[sample.database + "-wal"][i] ^= 0x10;
        Aftermath aftermath(sample);
        CHECK(text_of(aftermath.open(image)) == "");
        CHECK(aftermath.lost == 0);
        CHECK(aftermath.noticed("store-damaged"));
    }
    // The first frame's header lies in the header's sector. Its page is in the log again.
    DiskImage image = sample.image;
    image[sample.database + "-wal"].replace(0, 512, std::string(512, '\0'));
    Aftermath aftermath(sample);
    CHECK(text_of(aftermath.open(image)) == "");
    CHECK(aftermath.lost == 0);
    CHECK(aftermath.noticed("store-damaged"));
}

TEST_CASE("a store without its first pages goes on with the rest", "[proof][damage]") {
    auto sample = make_sample(3, true);
    DiskImage image = sample.image;
    Aftermath whole(sample);
    CHECK(text_of(whole.open(image)) == "");
    image[sample.database].replace(0, 4096, std::string(4096, 'x'));
    Aftermath headless(sample);
    CHECK(text_of(headless.open(image)) == "");
    CHECK(headless.noticed("store-salvaged"));
    CHECK(headless.found == whole.found);
    CHECK(headless.lost == 0);
    CHECK(headless.damaged == 0);
}

TEST_CASE("the proof of damaged files sees a device with another name", "[proof][control]") {
    auto sample = make_sample(3, true);
    const FastDirectory directory;
    const std::string path = put(sample.image, directory);
    {
        auto connection = buffer::SqliteConnection::open(path, {});
        REQUIRE(connection);
        REQUIRE(connection->execute("UPDATE device SET name = 'meter-x'"));
        REQUIRE(connection->checkpoint(true));
    }
    DiskImage image = sample.image;
    image[sample.database] = tests::support::read_file(path);
    Aftermath aftermath(sample);
    CHECK(text_of(aftermath.open(image)).find("other device") != std::string::npos);
}

namespace {

// At two places; one that was not closed has a log, with a damaged header.
Sample make_damaged_sample(bool closed) {
    auto sample = make_sample(3, closed);
    sample.file("")[5 * 4096 + 100] ^= 1;
    sample.file("")[100] ^= 1;
    if (!closed) sample.file("-wal").at(4) ^= 1;
    return sample;
}

}  // namespace

TEST_CASE("a power cut while a store is salvaged changes nothing", "[proof][damage]") {
    auto sample = make_damaged_sample(GENERATE(true, false));
    Aftermath uncut(sample);
    REQUIRE(text_of(uncut.open(sample.image)) == "");
    REQUIRE(uncut.noticed("store-salvaged"));
    REQUIRE(uncut.found > 0);
    std::mt19937 random(1);
    bool powered = false;
    for (std::uint64_t calls = 1; !powered; ++calls) {
        INFO("cut in call " << calls);
        SimulatedDisk disk(std::filesystem::path(sample.database).parent_path().string());
        use(disk);
        disk.start_with(sample.image);
        disk.cut_power_in(calls);
        auto keys = sample.life->keys();
        const auto opened = buffer::open_store(
            sample.life->settings(), sample.life->clock(), kSimulatedVfs, {}, &keys
        );
        powered = disk.powered();
        Aftermath aftermath(sample);
        CHECK(text_of(aftermath.open(disk.survivors(random))) == "");
        CHECK(aftermath.found == uncut.found);
        CHECK(aftermath.lost == uncut.lost);
    }
}

TEST_CASE("a disk that fails or is full leaves what a salvage would take", "[proof][damage]") {
    using Kind = DiskFault::Kind;
    const auto kind = GENERATE(Kind::io_error, Kind::full, Kind::short_write, Kind::sync_error);
    auto sample = make_damaged_sample(GENERATE(true, false));
    Aftermath unfailed(sample);
    REQUIRE(text_of(unfailed.open(sample.image)) == "");
    REQUIRE(unfailed.noticed("store-salvaged"));
    bool failed = true;
    for (std::uint64_t call = 1; failed; ++call) {
        INFO("kind " << static_cast<int>(kind) << ", call " << call);
        SimulatedDisk disk(std::filesystem::path(sample.database).parent_path().string());
        use(disk);
        disk.start_with(sample.image);
        disk.fail({kind, call, true});
        auto keys = sample.life->keys();
        const auto opened = buffer::open_store(
            sample.life->settings(), sample.life->clock(), kSimulatedVfs, {}, &keys
        );
        failed = disk.failures() > 0;
        Aftermath aftermath(sample);
        CHECK(text_of(aftermath.open(disk.seen())) == "");
        CHECK(aftermath.found == unfailed.found);
        CHECK(aftermath.lost == unfailed.lost);
    }
}
