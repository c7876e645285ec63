#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace gateway::cli {

// Lines of a file or of standard input, one after another, which a signal interrupts: who waits for
// the next line of a recording that is still going on must not have to wait for it to stop.
class LineInput {
  public:
    static constexpr std::size_t kLineBytesMax = 2U << 20;  // a payload of 256 KiB with room

    // "-" is standard input. `interrupt` is a descriptor that becomes readable, or -1.
    LineInput(const std::string& path, int interrupt);
    ~LineInput();
    LineInput(const LineInput&) = delete;
    LineInput& operator=(const LineInput&) = delete;

    bool is_open() const { return number_ >= 0; }

    enum class Next : std::uint8_t {
        line,         // it is in line()
        too_long,     // longer than kLineBytesMax; it was passed over
        end,          // there are no more
        interrupted,  // what was read of the line is kept
        failed        // errno says why
    };
    Next next();

    // Without its line feed; valid until the next call.
    const std::string& line() const { return line_; }
    std::uint64_t number() const { return count_; }  // of the line, from 1

  private:
    // False at the end, when interrupted and when it failed; `why` says which.
    bool fill(Next& why);
    bool take_line();

    int number_;
    int interrupt_;
    std::string buffered_;
    std::size_t taken_ = 0;  // of buffered_
    std::string line_;
    std::uint64_t count_ = 0;
    bool is_too_long_ = false;
};

}  // namespace gateway::cli
