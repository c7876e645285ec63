// A command that opens the store of a gateway that does not run.
#include "gateway/local_desk.hpp"

#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace gateway;

namespace {

class LocalDeskFixture {
  public:
    LocalDeskFixture() {
        settings.gateway.state_directory = directory.file("state");
        settings.buffer.path = directory.file("buffer.db");
        settings.datasets.resize(1);
        settings.datasets[0].name = "water";
        std::filesystem::create_directory(settings.gateway.state_directory);
    }

    // What opening and closing it writes on standard error.
    std::string told() {
        std::ostringstream written;
        auto* const before = std::cerr.rdbuf(written.rdbuf());
        const bool is_open = open_local_desk(settings).has_value();
        std::cerr.rdbuf(before);
        CHECK(is_open);
        return written.str();
    }

    tests::support::TemporaryDirectory directory;
    settings::Settings settings;
};

}  // namespace

TEST_CASE_METHOD(LocalDeskFixture, "a command of another user makes no file", "[subject]") {
    // Whose directory it is not: root can give one away, anybody else has none of root's.
    if (::geteuid() == 0) {
        REQUIRE(::chown(settings.gateway.state_directory.c_str(), 4711, 4711) == 0);
    } else {
        settings.gateway.state_directory = "/";
    }
    const auto opened = open_local_desk(settings);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().find("sudo -u ") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(settings.buffer.path));
}

TEST_CASE_METHOD(LocalDeskFixture, "a command tells what has become of a damaged store") {
    CHECK(told().empty());
    {
        std::fstream file(settings.buffer.path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(50);  // in the header
        file.put('x');
    }
    CHECK(told().find("store-salvaged") != std::string::npos);
}
