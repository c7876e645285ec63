#include "gateway/store_problems.hpp"

#include "gateway/observe/memory_log.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace gateway;

TEST_CASE("the operator sees what the opening of the buffer had to say", "[app][buffer]") {
    observe::MemoryLog log;
    runtime::ManualClock clock{model::Instant{std::chrono::milliseconds{1'700'000'000'000}}};
    observe::Problems problems(log, clock);
    const std::vector<buffer::Notice> notices{
        {"store-damaged", "/buffer.db.damaged-1"},
        {"store-salvaged", "readings: 5"},
        {"salvage-failed", "the store is damaged"},
        {"store-missing", "11"},
        {"readings-missing", "12"},
        {"readings-lost", "13"}};
    raise_store_problems(notices, problems);
    const auto list = problems.list();
    REQUIRE(list.size() == notices.size());
    for (const auto& notice : notices) {
        INFO(notice.code);
        const auto problem = std::find_if(list.begin(), list.end(), [&](const auto& raised) {
            return raised.code == notice.code;
        });
        REQUIRE(problem != list.end());
        CHECK_FALSE(problem->failing);
        // What is not a number or a name the log says, in its own words.
        const bool in_words = notice.code == "store-salvaged" || notice.code == "salvage-failed";
        CHECK((problem->text.find(notice.detail) == std::string::npos) == in_words);
    }
}
