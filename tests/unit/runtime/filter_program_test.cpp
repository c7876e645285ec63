#include "gateway/runtime/filter_program.hpp"

#include <catch2/catch.hpp>

#include <string>

using gateway::runtime::kFilterOutputBytesMax;
using gateway::runtime::run_filter;
using namespace std::chrono_literals;
namespace errc = boost::system::errc;

namespace {

auto shell(const std::string& script, std::string_view input) {
    return run_filter({"/bin/sh", "-c", script}, input, 20s);
}

}  // namespace

TEST_CASE("what a program makes of its input comes back", "[runtime]") {
    using namespace std::string_literals;
    CHECK(shell("tr a-z A-Z", "secret\n").value() == "SECRET\n");
    const std::string binary = "\0\xff\r\n\0"s;
    CHECK(shell("cat", binary).value() == binary);
    CHECK(shell("cat", "").value().empty());
    const std::string large(kFilterOutputBytesMax, 'x');
    CHECK(shell("cat", large).value() == large);
    // One that does not want all of it.
    CHECK(shell("echo enough", large).value() == "enough\n");
}

TEST_CASE("a program that fails, never ends or says too much is an error", "[runtime]") {
    CHECK(shell("cat; exit 3", "x").error() == errc::protocol_error);
    CHECK(shell("kill -9 $$", "x").error() == errc::protocol_error);
    CHECK(shell("cat /dev/zero", "x").error() == errc::file_too_large);
    CHECK(run_filter({"/nowhere/program"}, "x", 20s).error());
    for (const char* script : {"exec sleep 600", "exec 1>&- 0<&-; exec sleep 600"}) {
        const auto begin = std::chrono::steady_clock::now();
        CHECK(run_filter({"/bin/sh", "-c", script}, "x", 100ms).error() == errc::timed_out);
        CHECK(std::chrono::steady_clock::now() - begin < 60s);
    }
}
