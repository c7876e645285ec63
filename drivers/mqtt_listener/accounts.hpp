#pragma once
#include "gateway/model/result.hpp"
#include "gateway/runtime/password_hash.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace drivers::mqtt_listener {

// The devices that may connect with a password: a file of lines "name:$scrypt$…", as `passerelle
// account` makes them. Empty lines and lines that begin with '#' say nothing. A file without
// accounts lets nobody in.
class Accounts {
  public:
    static constexpr std::size_t kFileBytesMax = 16U << 20;

    // What is wrong with a file. `line` is 0 when it could not be read at all.
    struct Fault {
        boost::system::error_code why;
        int line = 0;
    };

    static gateway::model::Result<Accounts, Fault> load(const std::string& file);

    // Null where nobody has that name.
    const gateway::runtime::PasswordHash* find(std::string_view name) const;

  private:
    bool add(std::string_view line);

    std::map<std::string, gateway::runtime::PasswordHash, std::less<>> hashes_;
};

}  // namespace drivers::mqtt_listener
