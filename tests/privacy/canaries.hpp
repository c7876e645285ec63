#pragma once
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tests::privacy {

// A field of a reading that tells who somebody is, with identities that nobody has: each begins
// with `prefix`, which nothing else does.
struct PersonalField {
    const char* name;
    const char* prefix;
    const char* suffix = "";
    bool is_in_letters = false;  // as names are, which have no digits
};

std::string canary(const PersonalField& field, std::uint32_t number);

// Looks for texts in the bytes of a disk, in whatever way they were written there: as they are, in
// another case, without signs, UTF-16, hexadecimal, Base64 with anything before, escapes of JSON.
// One pass, however much there is to look for.
class CanarySearch {
  public:
    // What is shorter is found by chance. A text that is, in one of the encodings, is not looked
    // for in it.
    static constexpr std::size_t kBytesMin = 6;

    // The text in every encoding will be found as `name`, and as `name` with the encoding.
    void add(const std::string& name, std::string_view text);
    // A number of six bytes, in either order.
    void add_number(const std::string& name, std::uint64_t number);
    // These bytes alone.
    void add_bytes(const std::string& name, const std::string& encoding, std::string bytes);

    struct Finding {
        std::string name;
        std::string encoding;
        auto operator<=>(const Finding&) const = default;
    };
    using Findings = std::set<Finding>;

    // What is in the bytes, and in the Zstandard frames among them as far as they are whole.
    Findings found(std::string_view bytes) const;

  private:
    struct Needle {
        std::string bytes;
        Finding what;
    };
    void look(std::string_view bytes, Findings& findings) const;

    std::unordered_multimap<std::uint64_t, Needle> needles_;  // by their first kBytesMin bytes
    std::bitset<1U << 16U> begins_;  // by their first two: most places are left at once
};

// The names of every encoding that add() looks for.
std::set<std::string> encoding_names();

// A text in one of them.
std::string encoded(const std::string& encoding, std::string_view text);

}  // namespace tests::privacy
