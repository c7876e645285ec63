#include "gateway/quarantine/envelope.hpp"
#include "gateway/quarantine/record.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::quarantine;
using namespace std::string_literals;

namespace {

const model::Instant kTime = *model::parse_rfc3339("2026-05-01T12:00:00.250Z");

Record sample() {
    return {
        kTime,
        "malformed",
        "meters",
        "water/meter-of-family-benali/reading",
        "pump-7",
        "{\"m3\": \0\xff"s};
}

std::vector<Envelope> read_all(std::string_view bytes, std::uint64_t* damaged = nullptr) {
    std::vector<Envelope> found;
    EnvelopeReader reader(bytes);
    while (const auto envelope = reader.next()) found.push_back(*envelope);
    if (damaged != nullptr) *damaged = reader.damaged();
    return found;
}

bool same(const Record& one, const Record& other) {
    return to_bytes(one) == to_bytes(other);
}

}  // namespace

TEST_CASE("a record is read back as it was written", "[quarantine]") {
    const std::string bytes = to_bytes(sample());
    const auto record = parse_record(bytes);
    REQUIRE(record);
    CHECK(record->time == kTime);
    CHECK(record->payload == "{\"m3\": \0\xff"s);
    CHECK(same(*record, sample()));
}

TEST_CASE("no part of a record, and no more than it, is one", "[quarantine]") {
    const std::string bytes = to_bytes(sample());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK_FALSE(parse_record(bytes.substr(0, size)));
    CHECK_FALSE(parse_record(bytes + 'x'));
    CHECK_FALSE(parse_record("\x02" + bytes.substr(1)));
}

TEST_CASE("an envelope shows time and cause, and nothing else", "[quarantine]") {
    const std::string bytes = to_bytes(Envelope{kTime, "implausible-value", "sealed bytes"});
    const auto found = read_all(bytes);
    REQUIRE(found.size() == 1);
    CHECK(found[0].time == *model::parse_rfc3339("2026-05-01T12:00:00Z"));
    CHECK(found[0].cause == "implausible-value");
    CHECK(found[0].sealed == "sealed bytes");
    CHECK(bytes.size() == kEnvelopeBytes + 12);
}

TEST_CASE("a torn or changed envelope is stepped over", "[quarantine]") {
    std::vector<std::string> one;
    for (const char* sealed : {"first", "second PQR1 second", "third"})
        one.push_back(to_bytes(Envelope{kTime, "malformed", sealed}));
    const std::string whole = one[0] + one[1] + one[2];
    // Cut anywhere in the last.
    for (std::size_t size = one[0].size() + one[1].size() + 1; size < whole.size(); ++size) {
        std::uint64_t damaged = 0;
        CHECK(read_all(std::string_view(whole).substr(0, size), &damaged).size() == 2);
        CHECK(damaged == 1);
    }
    // Any byte changed in the second.
    for (std::size_t at = one[0].size(); at < one[0].size() + one[1].size(); ++at) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 0x20);
        std::uint64_t damaged = 0;
        const auto found = read_all(changed, &damaged);
        REQUIRE(found.size() == 2);
        CHECK(found[0].sealed == "first");
        CHECK(found[1].sealed == "third");
        CHECK(damaged == 1);
    }
    std::uint64_t damaged = 0;
    CHECK(read_all(std::string(300, 'x'), &damaged).empty());
    CHECK(damaged == 1);
    CHECK(read_all(whole, &damaged).size() == 3);
    CHECK(damaged == 0);
}
