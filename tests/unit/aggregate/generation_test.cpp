#include "gateway/aggregate/generation.hpp"

#include "gateway/aggregate/error.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using aggregate::Errc;
using aggregate::Generation;
using tests::support::TemporaryDirectory;

TEST_CASE("a database that fits its generation may release", "[aggregate][generation]") {
    const TemporaryDirectory directory;
    Generation generation(directory.file("releases"));
    CHECK(generation.compare(0));
    REQUIRE(generation.begin(1));
    CHECK(generation.compare(0));  // the power went before the transaction
    REQUIRE(generation.begin(1));
    REQUIRE(generation.finish(1));
    CHECK(generation.compare(1));
    REQUIRE(generation.begin(2));
    CHECK(generation.compare(2));  // the power went after the transaction
    // That it is done is noted by the comparison: from here on the database may not be older.
    CHECK(generation.compare(1).error() == Errc::rolled_back);
}

TEST_CASE("an older database may not release", "[aggregate][generation]") {
    const TemporaryDirectory directory;
    Generation generation(directory.file("releases"));
    REQUIRE(generation.finish(7));
    CHECK(generation.compare(6).error() == Errc::rolled_back);
    CHECK(generation.compare(0).error() == Errc::rolled_back);
    REQUIRE(generation.begin(8));
    CHECK(generation.compare(6).error() == Errc::rolled_back);
    CHECK(generation.compare(7));
}

TEST_CASE("a generation that is lost or damaged lets nothing be released", "[aggregate]") {
    const TemporaryDirectory directory;
    const std::string path = directory.file("releases");
    Generation generation(path);
    CHECK(generation.compare(1).error() == Errc::generation_lost);
    REQUIRE(generation.finish(7));
    CHECK(generation.compare(8).error() == Errc::generation_lost);
    const std::string good = tests::support::read_file(path);
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        directory.write("releases", bad);
        CHECK(generation.compare(7).error() == Errc::generation_lost);
        directory.write("releases", good.substr(0, at));
        CHECK(generation.compare(7).error() == Errc::generation_lost);
    }
}
