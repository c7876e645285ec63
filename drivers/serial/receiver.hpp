#pragma once
#include <cstdint>

namespace drivers::serial {

// The receiving side of go-back-N for one incarnation of one node: takes messages in their order,
// each once, and knows which of them are concluded: on the disk, or refused for good. What must
// come again takes everything behind it back. Pure; sequences count up from 1.
class Receiver {
  public:
    enum class Arrival : std::uint8_t {
        taken,     // the next one
        repeated,  // taken before
        missing,   // something before it is missing: the node has to be told
        behind,    // the same, of a burst of which the node was told already
    };

    explicit Receiver(std::uint32_t expected = 1) : concluded_(expected), expected_(expected) {}

    Arrival arrive(std::uint32_t sequence);

    // Whether `sequence` is under way since `generation`: what becomes of it matters. When it is
    // not, it was taken back meanwhile, and comes or has come again.
    bool awaits(std::uint32_t sequence, std::uint32_t generation) const;

    // `sequence`, which is awaited, and all before it are concluded.
    void conclude(std::uint32_t sequence);
    // `sequence`, which is awaited, must come again, and all behind it.
    void take_back(std::uint32_t sequence);
    // The node has nothing below `sequence` any more.
    void skip_to(std::uint32_t sequence);

    std::uint32_t concluded() const { return concluded_; }  // all below are
    std::uint32_t expected() const { return expected_; }    // is taken next
    std::uint32_t generation() const {
        return generation_;
    }  // changes when something is taken back

  private:
    std::uint32_t concluded_;
    std::uint32_t expected_;
    std::uint32_t generation_ = 0;
    std::uint32_t behind_gap_ = 0;  // the last that came behind something missing; 0: none
};

}  // namespace drivers::serial
