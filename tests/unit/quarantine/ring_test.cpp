#include "gateway/quarantine/ring.hpp"

#include "gateway/quarantine/envelope.hpp"
#include "gateway/quarantine/record.hpp"
#include "gateway/quarantine/sealed_files.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

using namespace gateway;
using namespace gateway::quarantine;
using namespace std::chrono_literals;
using tests::support::TemporaryDirectory;

namespace {

const model::Instant kNow = *model::parse_rfc3339("2026-05-01T12:00:00Z");
constexpr std::uint64_t kSizeMax = 1U << 20;
constexpr std::chrono::seconds kRetention = 30 * 24h;

std::string envelope(model::Instant time, std::size_t size = 100) {
    return to_bytes(Envelope{time, "malformed", std::string(size - kEnvelopeBytes, 's')});
}

void add(Ring& ring, model::Instant time, std::size_t size = 100) {
    REQUIRE_FALSE(ring.append(envelope(time, size), 1, time));
}

std::uint64_t records_on_disk(const std::string& directory) {
    std::uint64_t count = 0;
    for (const auto number : sealed_files(directory)) {
        const auto bytes = read_sealed_file(sealed_file(directory, number)).value();
        EnvelopeReader reader(bytes);
        while (reader.next()) ++count;
    }
    return count;
}

std::uint64_t bytes_on_disk(const std::string& directory) {
    std::uint64_t bytes = 0;
    for (const auto number : sealed_files(directory))
        bytes += std::filesystem::file_size(sealed_file(directory, number));
    return bytes;
}

class OnDisk {
  public:
    OnDisk() { REQUIRE_FALSE(ring.open()); }

    TemporaryDirectory parent;
    std::string directory = parent.file("state/quarantine");
    Ring ring{directory, kSizeMax, kRetention};

    // As after a restart.
    void open_again() {
        ring = Ring{directory, kSizeMax, kRetention};
        REQUIRE_FALSE(ring.open());
    }
};

}  // namespace

TEST_CASE_METHOD(OnDisk, "records are there after a restart, and nobody else's", "[quarantine]") {
    for (int i = 0; i < 3; ++i) add(ring, kNow);
    open_again();
    CHECK(ring.figures().records == 3);
    CHECK(ring.figures().bytes == 300);
    add(ring, kNow);
    CHECK(sealed_files(directory).size() == 1);
    CHECK(records_on_disk(directory) == 4);
    struct stat status {};
    REQUIRE(::stat(directory.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0700);
    REQUIRE(::stat(sealed_file(directory, 1).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
}

TEST_CASE_METHOD(OnDisk, "a file that cannot be read is left as it is", "[quarantine]") {
    add(ring, kNow);
    const std::string odd = sealed_file(directory, 2);
    std::filesystem::create_directory(odd);  // reading it fails, whoever reads
    CHECK_FALSE(read_sealed_file(odd));
    CHECK_FALSE(read_sealed_file(sealed_file(directory, 9)));
    open_again();
    CHECK(ring.figures().records == 1);
    CHECK(ring.figures().damaged == 1);
    CHECK(std::filesystem::exists(odd));
    add(ring, kNow);  // nothing is added to it
    CHECK(sealed_files(directory) == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE_METHOD(OnDisk, "the oldest goes when the ring is full", "[quarantine]") {
    constexpr std::uint64_t kCount = 300;
    for (std::uint64_t i = 0; i < kCount; ++i) {
        add(ring, kNow + std::chrono::seconds(i), 10'000);
        CHECK(bytes_on_disk(directory) <= kSizeMax);
    }
    const auto& figures = ring.figures();
    CHECK(figures.evicted > 0);
    CHECK(figures.records + figures.evicted == kCount);
    CHECK(figures.records == records_on_disk(directory));
    CHECK(figures.bytes == bytes_on_disk(directory));
    // One file's share less than the ring at the least.
    CHECK(figures.bytes >= kSizeMax - kSizeMax / Ring::kShares - 10'000);
    CHECK(figures.expired == 0);
}

TEST_CASE_METHOD(OnDisk, "no record is kept longer than the retention", "[quarantine]") {
    for (int day = 0; day < 60; ++day) {
        const model::Instant now = kNow + day * 24h;
        ring.expire(now);
        add(ring, now);
        for (const auto number : sealed_files(directory)) {
            const auto bytes = read_sealed_file(sealed_file(directory, number)).value();
            EnvelopeReader reader(bytes);
            while (const auto each = reader.next()) CHECK(now - each->time < kRetention);
        }
    }
    CHECK(ring.figures().records >= 27);
    CHECK(ring.figures().records + ring.figures().expired == 60);
    CHECK(ring.figures().evicted == 0);
    open_again();
    ring.expire(kNow + 200 * 24h);
    CHECK(ring.figures().records == 0);
    CHECK(sealed_files(directory).empty());
}

TEST_CASE_METHOD(OnDisk, "a record without a date ages from when it is known", "[quarantine]") {
    add(ring, kUndated);
    ring.expire(kNow);
    ring.expire(kNow + kRetention - 1s);
    CHECK(ring.figures().records == 1);
    ring.expire(kNow + kRetention);
    CHECK(ring.figures().expired == 1);
}

TEST_CASE_METHOD(OnDisk, "what a power cut tore is cut off, and the rest stays", "[quarantine]") {
    add(ring, kNow);
    add(ring, kNow);
    const std::string file = sealed_file(directory, 1);
    for (const std::uintmax_t size : {199U, 150U, 101U}) {
        std::filesystem::resize_file(file, size);
        open_again();
        CHECK(ring.figures().records == 1);
        CHECK(ring.figures().damaged == 1);
        CHECK(std::filesystem::file_size(file) == 100);
        add(ring, kNow);
        CHECK(records_on_disk(directory) == 2);
    }
}

TEST_CASE_METHOD(OnDisk, "what cannot be written leaves nothing behind", "[quarantine]") {
    add(ring, kNow);
    std::filesystem::remove_all(directory);
    CHECK(ring.append(envelope(kNow), 1, kNow));
    CHECK(ring.figures().records == 1);
    open_again();
    CHECK(ring.figures().records == 0);
    add(ring, kNow);
    CHECK(records_on_disk(directory) == 1);
}

TEST_CASE("files of other names are not the quarantine's", "[quarantine]") {
    const TemporaryDirectory directory;
    for (const char* name : {"1.sealed.bak", "x.sealed", ".sealed", "-1.sealed", "12.sealed"})
        directory.write(name, "something");
    CHECK(sealed_files(directory.path().string()) == std::vector<std::uint64_t>{12});
    CHECK(sealed_files(directory.file("none")).empty());
}
