#pragma once
#include "gateway/rollout/record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// What the commands and a running gateway say to each other, as JSON over its unix socket.
namespace gateway::rollout {

inline constexpr const char* kStatePath = "/configuration/state";
inline constexpr const char* kApplyPath = "/configuration/apply";
inline constexpr const char* kConfirmPath = "/configuration/confirm";
inline constexpr const char* kReturnPath = "/configuration/return";

// Named bounds of a trial.
inline constexpr std::int64_t kConfirmWithinMin = 10;     // seconds
inline constexpr std::int64_t kConfirmWithinMax = 86400;  // seconds

// Longer names are cut by who asks, and refused by who is asked.
inline constexpr std::size_t kNameBytesMax = 128;

struct ApplyRequest {
    std::string text;       // of the configuration
    std::string signature;  // empty: none
    std::int64_t confirm_within_s = 0;
    std::string by, from, note;  // see Version
};
std::string to_json(const ApplyRequest& request);
// Nothing if it is none, or beyond a bound, or has control characters in its names.
std::optional<ApplyRequest> parse_apply_request(std::string_view json);

struct ConfirmRequest {
    bool anyway = false;       // whatever does not work
    std::uint32_t number = 0;  // of the trial that is meant; another one is not confirmed
};
std::string to_json(const ConfirmRequest& request);
std::optional<ConfirmRequest> parse_confirm_request(std::string_view json);

// How things stand.
struct State {
    Record record;
    std::string file;                    // the configuration file
    bool file_is_behind = false;         // it does not hold what is in force
    bool is_changing = false;            // another configuration is on its way
    std::optional<std::int64_t> left_s;  // of the trial, once its configuration runs
    std::string findings;                // what does not work under it, as a sentence; or empty
};
std::string to_json(const State& state);
std::optional<State> parse_state(std::string_view json);

// The code of a refusal by a gateway that does not run, and only answers.
inline constexpr const char* kStandsStill = "stands-still";

// Why something was not done: a stable word and a sentence.
struct Refusal {
    Refusal() = default;
    Refusal(unsigned status_, std::string code_, std::string text_)
        : status(status_), code(std::move(code_)), text(std::move(text_)) {}

    unsigned status = 0;  // of HTTP
    std::string code;
    std::string text;
};
std::string to_json(const Refusal& refusal);
// The code and the text; any other text as it is, without a code.
Refusal parse_refusal(std::string_view json);

}  // namespace gateway::rollout
