#include "gateway/runtime/device_keys.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <utility>

namespace gateway::runtime {
namespace {

constexpr std::size_t kNameBytesMax = 128;

}  // namespace

bool is_device_name(std::string_view text) {
    return !text.empty() && text.size() <= kNameBytesMax &&
           std::none_of(text.begin(), text.end(), [](char letter) {
               const auto code = static_cast<unsigned char>(letter);
               return code < 0x20 || code == 0x7f || letter == '/' || letter == '+' ||
                      letter == '#';
           });
}

boost::system::result<DeviceKeys, DeviceKeys::Fault> DeviceKeys::load(const std::string& file) {
    using boost::system::errc::make_error_code;
    std::ifstream stream(file, std::ios::binary | std::ios::ate);
    if (!stream) return Fault{{errno, boost::system::generic_category()}};
    if (static_cast<std::size_t>(stream.tellg()) > kFileBytesMax)
        return Fault{make_error_code(boost::system::errc::file_too_large)};
    stream.seekg(0);
    DeviceKeys keys;
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
        if (!keys.add_line(line))
            return Fault{make_error_code(boost::system::errc::invalid_argument), number};
    }
    if (stream.bad()) return Fault{make_error_code(boost::system::errc::io_error)};
    return keys;
}

bool DeviceKeys::add_line(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') return true;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view name = line.substr(0, colon);
    const std::string_view key = line.substr(colon + 1);
    if (!is_device_name(name) || key.size() < kKeyBytesMin || key.size() > kKeyBytesMax)
        return false;
    return add(std::string(name), std::string(key));
}

bool DeviceKeys::add(std::string name, std::string bytes) {
    if (!keys_.emplace(std::move(name), Key{std::move(bytes), last_version_ + 1}).second)
        return false;
    ++last_version_;
    return true;
}

void DeviceKeys::replace(const DeviceKeys& fresh) {
    auto former = std::exchange(keys_, fresh.keys_);
    for (auto& [name, key] : keys_) {
        const auto before = former.find(name);
        const bool is_same = before != former.end() && before->second.bytes == key.bytes;
        key.version = is_same ? before->second.version : ++last_version_;
    }
}

const DeviceKeys::Key* DeviceKeys::find(std::string_view name) const {
    const auto found = keys_.find(name);
    return found == keys_.end() ? nullptr : &found->second;
}

bool DeviceKeys::holds(std::string_view name, std::uint32_t version) const {
    const auto* key = find(name);
    return key != nullptr && key->version == version;
}

}  // namespace gateway::runtime
