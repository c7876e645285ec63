#pragma once
#include "gateway/cli/store_inspector.hpp"
#include "gateway/observe/report.hpp"

#include <optional>
#include <string>

namespace gateway::cli {

// What the buffer holds, for a terminal. `running` is the gateway's own report, if it answers: only
// it knows what it has written to the card.
std::string stats_text(
    const StoreStats& stats, const std::optional<observe::BufferReport>& running
);

// {"path","bytes","log_bytes","size_max","pages":{"used","free","bytes"},"last_sequence",
// "datasets":[{"name","segments","readings","bytes","oldest","newest"}],
// "uplinks":[{"name","stored","delivered","waiting","dead","evicted",
//             "lanes":[{"dataset","live","backlog"}]}],
// "written":{"bytes","commits","bytes_per_day"} or null}
std::string stats_json(
    const StoreStats& stats, const std::optional<observe::BufferReport>& running
);

}  // namespace gateway::cli
