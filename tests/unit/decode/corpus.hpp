#pragma once
#include <simdjson.h>

#include <functional>
#include <string>
#include <string_view>

namespace gateway::decode {

// A line of tests/corpus/<format>/*.jsonl.
struct CorpusCase {
    std::string name;  // with the file
    std::string payload;
    simdjson::dom::element line;
    simdjson::dom::element expected;
};

// Calls `check` for every case of a format, in the order of the files; at least one there must be.
void for_each_case(
    std::string_view format, const std::function<void(const CorpusCase& corpus_case)>& check
);

}  // namespace gateway::decode
