#pragma once
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace drivers::serial {

// The marks (model::FrameMark) that the disk has of one incarnation of one node: those of its last
// messages. They say after a restart which message is new. A mark is released when enough newer
// ones are there; the newest always stays, so that everything below the oldest is known to be
// taken.
class MarkTrail {
  public:
    static constexpr std::size_t kHeldMax = 16;  // more are released, all but the newest

    MarkTrail() = default;
    // Of what SessionMemory::held() gives, and the first sequence that the node has not seen
    // acknowledged: marks have 16 bits, and stand for the sequences that are nearest to it.
    MarkTrail(std::span<const std::uint16_t> held, std::uint32_t next);

    // The first sequence, `next` or above, that was not taken before.
    std::uint32_t first_new(std::uint32_t next) const;

    void hold(std::uint32_t sequence) { held_.insert(sequence); }

    // Those that nobody needs any more: below `concluded`, and not the newest of these.
    std::vector<std::uint16_t> take_spare(std::uint32_t concluded);

    static std::uint16_t mark_of(std::uint32_t sequence);
    // The name of the session that the marks belong to; no other driver makes one like it.
    static std::string session_of(std::string_view node, std::uint32_t incarnation);

  private:
    std::set<std::uint32_t> held_;
};

}  // namespace drivers::serial
