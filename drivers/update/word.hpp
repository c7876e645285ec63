#pragma once
#include <cstddef>
#include <string_view>

namespace drivers::update {

inline constexpr std::size_t kWordBytesMax = 24;  // of a vendor and a class of devices

// [A-Za-z0-9._-], at least one byte.
bool is_word(std::string_view word, std::size_t bytes_max = kWordBytesMax);

}  // namespace drivers::update
