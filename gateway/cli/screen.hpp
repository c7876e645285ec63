#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace gateway::cli {

// What a terminal shows, and the fewest bytes that make it show something else (ECMA-48): on a slow
// link they are what a person waits for. Knows no terminal.
class Screen {
  public:
    struct Size {
        std::size_t rows = 24;
        std::size_t columns = 80;

        bool operator==(const Size&) const = default;
    };

    // The bytes for these lines, UTF-8 without control characters, cut at the edges. `foot` is in
    // the last row; where there are too many lines, the row above it says so.
    std::string draw(const std::vector<std::string>& lines, const std::string& foot, Size size);

    // The terminal shows something else meanwhile: the next drawing is whole.
    void forget() { is_known_ = false; }

  private:
    std::vector<std::string> shown_;
    Size size_;
    bool is_known_ = false;
};

}  // namespace gateway::cli
