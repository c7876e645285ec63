#pragma once
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

// The journal with structured fields when the process runs under systemd, otherwise lines on
// standard error. An event that repeats within kRepeatInterval is written once with the number of
// repetitions.
std::unique_ptr<Log> make_log(Level least);

}  // namespace gateway::observe
