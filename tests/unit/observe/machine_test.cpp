#include "gateway/observe/process_figures.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <vector>

using namespace gateway::observe;

TEST_CASE("the figures of the process follow what it does", "[observe]") {
    const ProcessFigures before = read_process_figures();
    CHECK(before.resident_bytes > 1024 * 1024);
    CHECK(before.cpu_seconds > 0);
    const int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const std::vector<char> memory(32 * 1024 * 1024, 'x');
    const ProcessFigures after = read_process_figures();
    close(descriptor);
    CHECK(after.open_files == before.open_files + 1);
    CHECK(after.resident_bytes > before.resident_bytes + memory.size() / 2);
    CHECK(after.cpu_seconds >= before.cpu_seconds);
}
