#pragma once
#include <chrono>
#include <memory>
#include <span>
#include <string_view>

namespace gateway::observe {

enum class Level { debug, info, warning, error };

struct Field {
    std::string_view name;  // lower_case; becomes PASSERELLE_<NAME> in the journal
    std::string_view value;
};

// Where the gateway tells the operator what happens. Thread-safe. `event` is a stable code
// ("uplink-unreachable"), `text` a sentence in the operator's language. Never pass a payload, a
// topic, a device name or a secret.
class Log {
  public:
    virtual ~Log() = default;
    virtual void write(
        Level level, std::string_view event, std::string_view text, std::span<const Field> fields
    ) = 0;

    // Writes how often events were repeated whose interval has ended; the reactor calls it now and
    // then, so that a count does not wait for the next event.
    virtual void write_repetitions() {}

    void info(std::string_view event, std::string_view text) {
        write(Level::info, event, text, {});
    }
    void warning(std::string_view event, std::string_view text) {
        write(Level::warning, event, text, {});
    }
    void error(std::string_view event, std::string_view text) {
        write(Level::error, event, text, {});
    }
};

// An event that repeats with the same fields within this time is written once, and when the time
// is over once more with the number of repetitions.
inline constexpr std::chrono::seconds kRepeatInterval{60};

// The journal with structured fields when systemd connected standard error to it (JOURNAL_STREAM,
// systemd.exec(5)), otherwise lines on standard error. What is below `least` is not written.
std::unique_ptr<Log> make_log(Level least);

}  // namespace gateway::observe
