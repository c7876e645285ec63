#pragma once
#include "gateway/buffer/group.hpp"
#include "gateway/model/result.hpp"

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
// The file: one line, "passerelle-sequences 1 <reserved> <open|closed> <CRC-32 of what precedes>".
class SequenceMark {
  public:
    // Sequences reserved at a time: one more sync in so many readings.
    static constexpr std::uint64_t kReservation = 1U << 20;

    explicit SequenceMark(std::string path) : path_(std::move(path)) {}

    // Nothing reserved when there is no file, or it cannot be understood.
    void load();
    std::uint64_t reserved() const { return reserved_; }
    bool closed() const { return closed_; }

    // Whether a database that ends with `last` cannot be all there was. After a crash the mark is
    // ahead by what was reserved and not used.
    bool shows_loss(std::uint64_t last) const {
        return last + (closed_ ? 0 : kReservation + GroupBuilder::kGroupReadingsMax) < reserved_;
    }

    // Makes sure, on the disk, that `last` is reserved.
    model::Result<void> reserve(std::uint64_t last);
    // Nothing beyond `last` was given out.
    model::Result<void> close(std::uint64_t last);

  private:
    model::Result<void> save(std::uint64_t reserved, bool closed);

    std::string path_;
    std::uint64_t reserved_ = 0;
    bool closed_ = false;
};

}  // namespace gateway::buffer
