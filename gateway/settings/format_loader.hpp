#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

#include <span>
#include <string_view>

namespace gateway::settings {

// The keys of a source that say how its bytes are read: `format`, `payload`, [source.json],
// [source.quantities].
void read_format(TableReader& reader, Format& format);

// Every format name the loader accepts.
std::vector<std::string_view> known_formats();

}  // namespace gateway::settings
