#pragma once
#include "gateway/model/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::rollout {

// A configuration that was given to the gateway, and by whom.
struct Version {
    std::uint32_t number = 0;          // from 1, never given twice
    std::string by;                    // the user; empty: it was found in the file at a start
    std::string from;                  // the machine the user came from; empty: this one
    std::optional<model::Instant> at;  // nothing: the clock of the box was not set
    std::string note;                  // which file it was, or of which version it is the return
    std::string digest;                // of its bytes

    bool operator==(const Version&) const = default;
};

// A version whose trial ended without being confirmed.
struct Failure {
    Version version;
    std::string reason;  // a sentence, in the language that the gateway spoke

    bool operator==(const Failure&) const = default;
};

// Which configurations were good and which one is on trial: all that decides what runs after a
// start. The functions below are its changes; they are pure, and each result is written as a whole.
struct Record {
    static constexpr std::size_t kGoodMax = 20;

    std::vector<Version> good;       // the oldest first; the last one is in force
    std::optional<Version> trial;    // runs now, and is not in force
    std::optional<Failure> failure;  // of the last trial; until the next one begins
    std::string passed_over;         // digest of what the file holds and is not to be run; or empty
    std::uint32_t number_last = 0;

    bool operator==(const Record&) const = default;

    bool names(std::uint32_t number) const;
    const Version* find_good(std::uint32_t number) const;
};

// SHA-256 in hexadecimal digits.
std::string digest_of(std::string_view bytes);

// What a start is to run.
struct Start {
    enum class Runs {
        file,  // the configuration file: it is the one in force, or somebody has changed it
        good,  // the one in force, from the history: the file holds what was replaced, or failed
    } runs = Runs::file;
    Record record;
};

// A trial that a start finds has failed, for `reason`: it was cut short.
Start at_start(Record record, const std::string& file_digest, const std::string& reason);

// None is on trial. `version` has no number yet.
Record with_trial(Record record, Version version);

// One is on trial. `file_digest` is of what the configuration file holds now: until it is written
// anew a start must not take it for a change.
Record with_trial_confirmed(Record record, const std::string& file_digest);
Record with_trial_failed(Record record, std::string reason, const std::string& file_digest);

// What runs, and was found in the file, is good and in force. `version` has no number yet.
Record with_adopted(Record record, Version version);

}  // namespace gateway::rollout
