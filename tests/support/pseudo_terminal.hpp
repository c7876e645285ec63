#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace tests::support {

// A pair of pseudo-terminals: what is opened by path() is a serial line to the one that has this.
class PseudoTerminal {
  public:
    PseudoTerminal();  // throws std::system_error
    ~PseudoTerminal();
    PseudoTerminal(const PseudoTerminal&) = delete;
    PseudoTerminal& operator=(const PseudoTerminal&) = delete;

    const std::string& path() const { return path_; }

    // As an adapter that is pulled out.
    void hang_up();

    void write(std::string_view bytes) const;
    // What is there within a moment; empty: nothing.
    std::string read() const;

  private:
    int master_ = -1;
    std::string path_;
};

}  // namespace tests::support
