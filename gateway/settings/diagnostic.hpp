#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::settings {

// A place in the configuration file: line and column in characters, both from 1.
struct Position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;

    auto operator<=>(const Position&) const = default;
};

// A warning is something that works and is probably not meant; the gateway starts all the same.
enum class Severity { warning, error };

// What is wrong in a configuration and what to write instead, in the operator's language.
struct Diagnostic {
    Severity severity = Severity::error;
    std::string file;
    Position at;
    std::string what;
    std::string remedy;
    std::string_view code;  // a fixed word for what is wrong, where one is needed to refer to it
};

// "file:line:column: what is wrong: what to write instead", with "warning: " before what is wrong
// if it is one, and " [code]" at the end if there is a code. Editors jump to it.
std::string to_string(const Diagnostic& diagnostic);

bool has_errors(const std::vector<Diagnostic>& diagnostics);

// Collects the diagnostics of one file.
class Diagnostics {
  public:
    // A file that is not a configuration at all does not fill the screen.
    static constexpr std::size_t kDiagnosticsMax = 100;

    explicit Diagnostics(std::string file) : file_(std::move(file)) {}

    void error(Position at, std::string what, std::string remedy);
    void warning(Position at, std::string what, std::string remedy);

    // With a code, which is a literal.
    void report(
        Severity severity, Position at, std::string what, std::string remedy, std::string_view code
    );

    bool has_errors() const;
    // How many were reported, those past the bound too.
    std::size_t errors() const { return errors_; }

    // Everything collected, in the order of the file. Leaves nothing behind.
    std::vector<Diagnostic> take();

  private:
    std::string file_;
    std::vector<Diagnostic> collected_;
    std::size_t errors_ = 0;
};

}  // namespace gateway::settings
