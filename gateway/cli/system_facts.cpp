#include "gateway/cli/system_facts.hpp"

#include <boost/json.hpp>
#include <sys/statvfs.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <thread>

namespace gateway::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kLinesMax = 256;  // of a file that is looked through

// What stands behind `name` at the beginning of a line; empty if there is none.
std::string line_of(const char* path, std::string_view name) {
    std::ifstream file(path);
    std::string line;
    for (std::size_t i = 0; i < kLinesMax && std::getline(file, line); ++i) {
        if (line.starts_with(name)) return line.substr(name.size());
    }
    return {};
}

json::value kibibytes(std::string_view name) {
    const std::string text = line_of("/proc/meminfo", name);
    const std::size_t start = std::min(text.find_first_not_of(' '), text.size());
    std::uint64_t number = 0;
    const auto [end, failure] =
        std::from_chars(text.data() + start, text.data() + text.size(), number);
    return failure == std::errc{} ? json::value(number * 1024) : json::value(nullptr);
}

// VERSION="12 (bookworm)" and the like, without the quotes.
std::string distribution() {
    std::string name = line_of("/etc/os-release", "PRETTY_NAME=");
    std::erase(name, '"');
    return name;
}

json::array disks(const std::vector<std::string>& places) {
    json::array shown;
    for (const std::string& place : places) {
        struct statvfs room {};
        // Of a file that is not there yet, the directory that it will be in.
        const auto above = std::filesystem::path(place).parent_path().string();
        if (::statvfs(place.c_str(), &room) != 0 && ::statvfs(above.c_str(), &room) != 0) {
            shown.push_back(nullptr);
            continue;
        }
        shown.push_back(json::object{
            {"bytes", std::uint64_t{room.f_blocks} * room.f_frsize},
            {"free", std::uint64_t{room.f_bavail} * room.f_frsize},
            {"inodes", std::uint64_t{room.f_files}},
            {"inodes_free", std::uint64_t{room.f_favail}},
            {"read_only", (room.f_flag & ST_RDONLY) != 0}});
    }
    return shown;
}

}  // namespace

std::string system_facts(const std::vector<std::string>& places) {
    utsname kernel{};
    ::uname(&kernel);
    return json::serialize(json::object{
        {"passerelle", PASSERELLE_VERSION},
        {"compiler", __VERSION__},
        {"distribution", distribution()},
        {"kernel", kernel.release},
        {"machine", kernel.machine},
        {"processors", std::thread::hardware_concurrency()},
        {"load", line_of("/proc/loadavg", "")},
        {"uptime_s", line_of("/proc/uptime", "")},
        {"memory",
         json::object{
             {"total", kibibytes("MemTotal:")},
             {"available", kibibytes("MemAvailable:")},
             {"swap", kibibytes("SwapTotal:")}}},
        {"disks", disks(places)}});
}

}  // namespace gateway::cli
