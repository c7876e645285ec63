#pragma once
#include "gateway/model/refusal.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace gateway::buffer {

// What became of groups by their number, for those who ask after the commit. Remembers the groups
// that failed, as ranges; of very old ones only that some failed.
class Verdicts {
  public:
    static constexpr std::size_t kRangesMax = 1024;

    // Groups come in the order of their numbers.
    void note_failed(std::uint64_t group, model::Fault why);

    // Why the group is not on the disk; nothing if it is, like group 0: all that was there before
    // the first. When a group is too old to tell, it is not.
    std::optional<model::Fault> failure_of(std::uint64_t group) const;

  private:
    struct Range {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        model::Fault why;
    };
    std::deque<Range> failed_;
    std::uint64_t forgotten_until_ = 0;
};

}  // namespace gateway::buffer
