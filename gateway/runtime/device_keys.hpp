#pragma once
#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace gateway::runtime {

// Whether a text can name a device: not empty, at most 128 bytes, without control characters and
// without what separates and matches the levels of a topic, so that it can stand for one.
bool is_device_name(std::string_view text);

// The pre-shared keys of devices, by name. A file of them has lines "name:key", as `passerelle
// device` writes them; empty lines and lines that begin with '#' say nothing. The bytes of a key
// are those of its text. Wipes nothing: the keys are in memory as long as a driver runs.
class DeviceKeys {
  public:
    static constexpr std::size_t kFileBytesMax = 4U << 20;
    static constexpr std::size_t kKeyBytesMin = 8;
    static constexpr std::size_t kKeyBytesMax = 64;  // OpenSSL's bound is 512, devices' are lower

    struct Key {
        std::string bytes;
        std::uint32_t version = 0;  // another for every key that this object has had
    };

    // What is wrong with a file. `line` is 0 when it could not be read at all.
    struct Fault {
        boost::system::error_code why;
        int line = 0;
    };
    static boost::system::result<DeviceKeys, Fault> load(const std::string& file);

    // False, and nothing added, if the name has a key already.
    bool add(std::string name, std::string bytes);

    // From now on these hold. A key that stays the same keeps its version.
    void replace(const DeviceKeys& fresh);

    bool empty() const { return keys_.empty(); }
    // Null where nobody has that name.
    const Key* find(std::string_view name) const;
    // Whether a device that has proven to have a key has it still.
    bool holds(std::string_view name, std::uint32_t version) const;

  private:
    bool add_line(std::string_view line);

    std::map<std::string, Key, std::less<>> keys_;
    std::uint32_t last_version_ = 0;
};

}  // namespace gateway::runtime
