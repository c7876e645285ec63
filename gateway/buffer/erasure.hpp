#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::buffer {

// By what a person is told in what is stored of a dataset: the text of the device, or the value of
// an attribute, as JSON.
struct Trait {
    std::string attribute;  // its name; empty: the device
    std::string text;

    bool operator==(const Trait&) const = default;
};

// What a recipient must forget: its readings of this dataset with this trait, up to a sequence.
// What came later is not meant.
struct Erasure {
    std::string device;     // the stored text; empty: the attribute tells the person
    std::string attribute;  // its name; empty: the device tells
    std::string value;      // of the attribute, as JSON
    std::uint64_t last_sequence = 0;

    bool operator==(const Erasure&) const = default;
};

// A stored reading of a person, or a dead letter of one. Views, valid during the visit.
struct PersonRow {
    std::uint64_t position = 0;  // of the row among those of its kind; for PersonQuery::after
    std::uint64_t sequence = 0;
    std::string_view device;
    std::string_view quantity;
    std::string_view unit;
    model::Decimal value;
    model::Instant observed_at{};
    model::TimeQuality time_quality = model::TimeQuality::gateway;
    std::string_view attributes;  // a JSON object
    std::string_view uplink;      // of a dead letter: who refused it, and why
    std::string_view cause;
};

using PersonVisitor = std::function<bool(const PersonRow&)>;  // false: enough

struct PersonQuery {
    std::string dataset;
    std::vector<Trait> traits;
    // Device numbers from here on are of what came after the question.
    std::uint64_t device_base = 0;
    std::uint64_t after = 0;  // only rows behind this position
};

// Everything of a person in some datasets is to go, as far as it was stored under device numbers
// below `device_base`, none of which any later reading uses.
struct ErasureOrder {
    struct Dataset {
        std::string name;
        std::vector<Trait> traits;
    };
    std::vector<Dataset> datasets;
    std::uint64_t device_base = 0;
    model::Instant now{};  // a stamp
};

struct Erased {
    enum class State : std::uint8_t {
        done,
        waits,          // for room, or until copies can be removed: it goes on by itself
        no_room,        // nothing was begun
        too_many_wait,  // nothing was begun: a recipient has not confirmed too many erasures
    };
    State state = State::done;
    std::uint64_t readings = 0;
    std::uint64_t undelivered = 0;  // of these: left to deliver to somebody, or to nobody at all
    std::uint64_t dead_letters = 0;
    std::uint64_t unreadable_segments = 0;      // nobody can tell what is in them
    std::map<std::string, std::uint64_t> told;  // erasures that each uplink is to be told
};

}  // namespace gateway::buffer
