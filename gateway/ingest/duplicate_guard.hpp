#pragma once
#include "gateway/model/frame.hpp"
#include "gateway/model/reading.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::ingest {

// Recognises a reading that was taken shortly before: a device that missed its acknowledgement
// sends it again. Two readings are the same when device, quantity, the device's own time and value
// are; readings without a time of the device's clock are never the same. Keeps 64-bit fingerprints
// (SipHash-2-4) of the last kRemembered to 2 x kRemembered readings, in memory alone: after a
// restart the recipient recognises repetitions by the same four fields.
class DuplicateGuard {
  public:
    static constexpr std::size_t kRemembered = 32 * 1024;

    // `key` is random and of any length, so that nobody can craft a reading that passes for another
    // one.
    explicit DuplicateGuard(std::string_view key);

    // What a reading is known by; `source` separates devices of equal names. The processor fetches
    // the places where it may be remembered: ask for it some work before is_repeated().
    using Print = std::uint64_t;
    static constexpr Print kNeverTheSame = 0;
    Print print_of(const model::Reading& reading, model::SourceId source);

    // True if it was remembered before; remembers it otherwise.
    bool is_repeated(Print print);

    // Forgets everything: readings that were remembered could not be stored, so their repetition
    // must be taken.
    void clear();

  private:
    // Open addressing with one generation behind: when the younger is full it becomes the older
    // one.
    static constexpr std::size_t kSlots = 2 * kRemembered;
    using Generation = std::vector<Print>;  // kNeverTheSame marks an empty slot
    static bool contains(const Generation& generation, Print print);
    static void insert(Generation& generation, Print print);

    static constexpr std::size_t kKeyBytes = 16;

    std::array<unsigned char, kKeyBytes> key_{};
    std::string text_;  // the reading's fields; empty between calls
    Generation younger_ = Generation(kSlots);
    Generation older_ = Generation(kSlots);
    std::size_t count_ = 0;
};

}  // namespace gateway::ingest
