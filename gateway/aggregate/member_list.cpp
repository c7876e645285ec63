#include "gateway/aggregate/member_list.hpp"

#include "gateway/aggregate/registry.hpp"
#include "gateway/language/translate.hpp"

#include <algorithm>
#include <fstream>
#include <optional>

namespace gateway::aggregate {
namespace {

using language::tr;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kBlanks = " \t\r";
constexpr std::size_t kMembersMax = Registry::kMetersMax * Registry::kGroupsOfMeterMax;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string at_line(std::size_t number, const std::string& fault) {
    return tr("line {0}: {1}", {std::to_string(number), fault});
}

std::optional<std::size_t> position_of(
    std::span<const settings::SumGroup> groups, std::string_view name
) {
    const auto found = std::find_if(groups.begin(), groups.end(), [name](const auto& group) {
        return group.name == name;
    });
    if (found == groups.end()) return std::nullopt;
    return static_cast<std::size_t>(found - groups.begin());
}

model::Result<Member, std::string> parse_member(
    std::string_view line, std::span<const settings::SumGroup> groups
) {
    const auto separator = line.find_first_of(";,\t");
    if (separator == std::string_view::npos) return std::string(tr("write meter;group"));
    const auto meter = trimmed(line.substr(0, separator));
    const auto name = trimmed(line.substr(separator + 1));
    if (meter.empty()) return std::string(tr("the meter's name is missing"));
    const auto group = position_of(groups, name);
    if (!group) return tr("there is no group \"{0}\" in the list of the sum", {name});
    return Member{std::string(meter), *group};
}

}  // namespace

model::Result<std::vector<Member>, std::string> parse_members(
    std::string_view text, std::span<const settings::SumGroup> groups
) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    std::vector<Member> members;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#') continue;
        auto member = parse_member(line, groups);
        if (!member) return at_line(number, member.error());
        if (members.size() == kMembersMax)
            return at_line(number, tr("there are too many lines: use several sums"));
        members.push_back(std::move(*member));
    }
    if (members.empty()) return std::string(tr("it names no meter"));
    return members;
}

model::Result<std::vector<Member>, std::string> read_members(
    const std::string& path, std::span<const settings::SumGroup> groups
) {
    std::ifstream stream{path, std::ios::binary};
    std::string text(kMemberListBytesMax + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad() || (!stream && !stream.eof()))
        return tr("the file {0} cannot be read", {path});
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kMemberListBytesMax) return tr("{0}: it is over 64 MiB", {path});
    auto members = parse_members(text, groups);
    if (!members) return tr("{0}, {1}", {path, members.error()});
    return members;
}

}  // namespace gateway::aggregate
