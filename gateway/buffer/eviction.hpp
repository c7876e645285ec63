#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway::buffer {

// Why a reading left the buffer before a recipient confirmed it.
enum class Eviction : std::uint8_t { size, retention, damaged, erased, count_ };

inline constexpr std::size_t kEvictionCount = static_cast<std::size_t>(Eviction::count_);

std::string_view to_string(Eviction cause);  // "size", "retention", …

}  // namespace gateway::buffer
