#include "gateway/decode/decoder.hpp"
#include "gateway/settings/format_loader.hpp"

#include <catch2/catch.hpp>

#include <set>

TEST_CASE("the configuration accepts exactly the formats that can be decoded", "[cli]") {
    const auto accepted = gateway::settings::known_formats();
    const auto decoded = gateway::decode::format_names();
    CHECK(
        std::set<std::string_view>(accepted.begin(), accepted.end()) ==
        std::set<std::string_view>(decoded.begin(), decoded.end())
    );
}
