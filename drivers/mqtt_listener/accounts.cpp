#include "drivers/mqtt_listener/accounts.hpp"

#include "gateway/runtime/device_keys.hpp"

#include <cerrno>
#include <fstream>

namespace drivers::mqtt_listener {

namespace model = gateway::model;
using boost::system::error_code;
using gateway::runtime::PasswordHash;

namespace {

constexpr std::size_t kLineBytesMax = 512;

}  // namespace

model::Result<Accounts, Accounts::Fault> Accounts::load(const std::string& file) {
    std::ifstream stream(file, std::ios::binary | std::ios::ate);
    if (!stream) return Fault{error_code(errno, boost::system::generic_category())};
    if (static_cast<std::size_t>(stream.tellg()) > kFileBytesMax)
        return Fault{make_error_code(boost::system::errc::file_too_large)};
    stream.seekg(0);
    Accounts accounts;
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
        if (!accounts.add(line))
            return Fault{make_error_code(boost::system::errc::invalid_argument), number};
    }
    if (stream.bad()) return Fault{make_error_code(boost::system::errc::io_error)};
    return accounts;
}

bool Accounts::add(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') return true;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.size() > kLineBytesMax) return false;
    const std::string_view name = line.substr(0, colon);
    auto hash = PasswordHash::parse(line.substr(colon + 1));
    if (!hash || !gateway::runtime::is_device_name(name)) return false;
    return hashes_.emplace(name, std::move(*hash)).second;
}

const PasswordHash* Accounts::find(std::string_view name) const {
    const auto found = hashes_.find(name);
    return found == hashes_.end() ? nullptr : &found->second;
}

}  // namespace drivers::mqtt_listener
