#pragma once
#include "gateway/model/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::subject {

// What an erasure did, or would do. It holds neither the identity nor any pseudonym.
struct Certificate {
    struct Dataset {
        std::string name;
        std::uint64_t readings = 0;
        std::uint64_t dead_letters = 0;
    };
    std::string gateway;
    std::string city;
    model::Instant at{};
    bool is_done = false;  // otherwise it waits, and goes on by itself
    std::uint64_t readings = 0;
    std::uint64_t undelivered = 0;
    std::uint64_t dead_letters = 0;
    std::uint64_t unreadable_segments = 0;
    std::string sha256;  // of the canonical lines: readings, then dead letters, of each dataset
    std::vector<Dataset> datasets;
    std::map<std::string, std::uint64_t> told;  // erasures queued, by uplink
};

// As the desk answers it; nothing if it is anything else.
std::optional<Certificate> parse_certificate(std::string_view json);

// To be printed and signed, in the language that language::choose() set.
std::string certificate_text(const Certificate& certificate);
// The record of what is to be destroyed: the first of two steps.
std::string preparation_text(const Certificate& certificate);

}  // namespace gateway::subject
