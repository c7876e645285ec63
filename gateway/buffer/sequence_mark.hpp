#pragma once
#include "gateway/buffer/group.hpp"
#include "gateway/model/result.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace gateway::buffer {

// Beside the database file.
inline std::string sequence_mark_path(const std::string& database) {
    return database + ".sequences";
}

// The high-water mark of sequences, in a small file beside the database: sequences up to reserved()
// may have been given out. So a store that lost its end to damage, or is begun anew, never gives a
// sequence twice. After close() the mark is exact, and shows a database that lost readings since.
// Between that, a second file holds the last sequence committed. It is not synced, so that it costs
// no commit anything; but the process may end in any way without taking it along, and it is never
// ahead of the database, unless that lost its end.
// The mark also remembers, over a restart, that the database was found damaged while it was in use.
// The file: one line, "passerelle-sequences 1 <reserved> <open|closed|suspect> <CRC-32 of what
// precedes>"; the second one, <path>.last, the same with "<last> open".
class SequenceMark {
  public:
    // Sequences reserved at a time: one more sync in so many readings.
    static constexpr std::uint64_t kReservation = 1U << 20;

    explicit SequenceMark(std::string path) : path_(std::move(path)) {}

    // Nothing reserved when there is no file, or it cannot be understood.
    void load();
    std::uint64_t reserved() const { return reserved_; }
    bool closed() const { return state_ == State::closed; }
    bool suspect() const { return state_ == State::suspect; }

    // Whether a database that ends with `last` cannot be all there was. After a crash what is
    // reserved is ahead by what was not used.
    bool shows_loss(std::uint64_t last) const {
        return last < noted_ ||
               last + (closed() ? 0 : kReservation + GroupBuilder::kGroupReadingsMax) < reserved_;
    }
    // The last sequence that is known to have been committed.
    std::uint64_t committed() const { return closed() ? std::max(reserved_, noted_) : noted_; }

    // Makes sure, on the disk, that `last` is reserved.
    model::Result<void> reserve(std::uint64_t last);
    // `last` is committed.
    void note(std::uint64_t last);
    // Nothing beyond `last` was given out.
    model::Result<void> close(std::uint64_t last);
    // The database is damaged, or, after all, is not.
    model::Result<void> suspect(bool damaged);

  private:
    enum class State { open, closed, suspect };

    model::Result<void> save(std::uint64_t reserved, State state);

    std::string path_;
    std::uint64_t reserved_ = 0;
    std::uint64_t noted_ = 0;
    State state_ = State::open;
};

}  // namespace gateway::buffer
