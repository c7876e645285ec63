#pragma once
#include <string>

namespace gateway::cli {

// Everything that a start would be judged by, of a configuration file that was refused: its bytes,
// its signature, and the places of its errors, which may be in what it names. Tells when another
// try may end otherwise. One thread at a time; blocks.
class StartEvidence {
  public:
    // As it is now: to be made before the file is loaded.
    explicit StartEvidence(std::string file) : file_(std::move(file)), refused_(collect()) {}

    // It is other than it was, and as it was at the last call: nobody is just writing it.
    bool has_changed();

  private:
    std::string collect() const;

    std::string file_;
    std::string refused_;
    std::string seen_;
};

}  // namespace gateway::cli
