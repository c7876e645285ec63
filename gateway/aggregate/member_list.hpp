#pragma once
#include "gateway/model/result.hpp"
#include "gateway/settings/settings.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::aggregate {

// One line of a list of members: a meter, by the name its readings bring, and a group's position.
struct Member {
    std::string meter;
    std::size_t group = 0;
};

inline constexpr std::size_t kMemberListBytesMax = std::size_t{64} << 20;

// Which meter belongs to which groups of the public list: a line for each membership, "meter;group"
// (or with a comma or tabulator between), as a spreadsheet saves it; empty lines and those that
// begin with '#' say nothing. An error is a sentence for the operator with the number of the line,
// and never what stands in the line's first column: that is personal.
model::Result<std::vector<Member>, std::string> parse_members(
    std::string_view text, std::span<const settings::SumGroup> groups
);

// The same of a file. Blocks.
model::Result<std::vector<Member>, std::string> read_members(
    const std::string& path, std::span<const settings::SumGroup> groups
);

}  // namespace gateway::aggregate
