#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tests::status {

// A reader of OpenMetrics 1.0.0 text that forgives nothing. It was written from the standard's
// grammar and knows nothing of the writer.
struct Sample {
    std::string name;
    std::map<std::string, std::string> labels;
    double value = 0;
};

struct Family {
    std::string type = "unknown";
    std::string unit;
    std::string help;
    std::vector<Sample> samples;
};

// Families by name. Throws std::runtime_error that quotes the line that breaks a rule.
std::map<std::string, Family> parse_exposition(std::string_view text);

}  // namespace tests::status
