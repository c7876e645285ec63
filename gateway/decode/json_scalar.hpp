#pragma once
#include <cstdint>
#include <string_view>

namespace gateway::decode {

// A value as it stood in a JSON text.
struct JsonScalar {
    enum class Kind : std::uint8_t { absent, null, boolean, number, text, object, array };

    Kind kind = Kind::absent;
    bool boolean = false;
    std::string_view text;  // a number's characters as written, or a string without its escapes

    // A member that is null says as much as one that is not there.
    bool present() const { return kind != Kind::absent && kind != Kind::null; }
    bool is_container() const { return kind == Kind::object || kind == Kind::array; }
};

}  // namespace gateway::decode
