#include "corpus.hpp"

#include "outcome.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

namespace gateway::decode {

void for_each_case(
    std::string_view format, const std::function<void(const CorpusCase& corpus_case)>& check
) {
    const auto folder = std::filesystem::path{PASSERELLE_SOURCE_DIR} / "tests/corpus" / format;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    REQUIRE_FALSE(files.empty());
    for (const auto& file : files) {
        std::ifstream stream{file};
        simdjson::dom::parser parser;
        for (std::string line; std::getline(stream, line);) {
            CorpusCase corpus_case;
            corpus_case.line = parser.parse(line);
            corpus_case.expected = corpus_case.line["expected"];
            corpus_case.name = file.filename().string() + ": " +
                               std::string{corpus_case.line["name"].get_string().value()};
            std::string_view input;
            if (corpus_case.line["input_hex"].get(input) == simdjson::SUCCESS)
                corpus_case.payload = from_hex(input);
            else
                corpus_case.payload = corpus_case.line["input"].get_string().value();
            INFO(corpus_case.name);
            check(corpus_case);
        }
    }
}

}  // namespace gateway::decode
