#include "corpus.hpp"
#include "outcome.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::decode;

namespace {

constexpr std::string_view kFormats[] = {"senml-json", "senml-cbor", "protobuf"};

settings::Format format_of(std::string_view name) {
    settings::Format format;
    format.name = name;
    return format;
}

std::vector<std::string> texts(simdjson::dom::array array) {
    std::vector<std::string> result;
    for (const auto element : array) result.emplace_back(element.get_string().value());
    return result;
}

}  // namespace

TEST_CASE("SenML and protobuf corpus cases give the readings and causes they name", "[decode]") {
    for (const auto name : kFormats) {
        const auto format = format_of(name);
        for_each_case(name, [&](const CorpusCase& corpus_case) {
            const auto outcome = outcome_of(format, corpus_case.payload);
            std::string_view cause;
            if (corpus_case.expected["error"].get(cause) == simdjson::SUCCESS) {
                REQUIRE(outcome.cause);
                CHECK(model::to_string(*outcome.cause) == cause);
            } else {
                CHECK_FALSE(outcome.cause);
                CHECK(outcome.readings == texts(corpus_case.expected["readings"].get_array()));
            }
        });
    }
}

TEST_CASE("damaged SenML and protobuf is decoded or refused without a trace", "[decode]") {
    constexpr std::size_t kPayloadMax = 600;
    for (const auto name : kFormats) {
        const auto decoder = make_decoder(format_of(name));
        REQUIRE(decoder);
        for_each_case(name, [&](const CorpusCase& corpus_case) {
            if (corpus_case.payload.size() <= kPayloadMax)
                check_damaged(*decoder, corpus_case.payload);
        });
    }
}

TEST_CASE("a protobuf quantity is renamed by the configuration", "[decode]") {
    auto format = format_of("protobuf");
    format.quantities["voltage"] = "voltage.l1";
    const auto payload = from_hex("0a016112120a07766f6c7461676519000000000000f03f");
    CHECK(outcome_of(format, payload).readings == std::vector<std::string>{"a voltage.l1=1"});
}

TEST_CASE("a pack may hold as many readings as a frame and no more", "[decode][senml]") {
    const auto decoder = make_decoder(format_of("senml-json"));
    std::string pack = R"([{"n":"urn:x:a:voltage","v":1})";
    for (std::size_t i = 2; i < model::Readings::kReadingsPerFrameMax; ++i)
        pack += R"(,{"bn":"urn:x:a","v":1})";
    // One reading is there before the pack.
    CHECK(
        outcome_of(*decoder, pack + "]").readings.size() ==
        model::Readings::kReadingsPerFrameMax - 1
    );
    CHECK(outcome_of(*decoder, pack + R"(,{"v":1}])").cause == model::Refusal::limit_exceeded);
}

TEST_CASE("base fields do not outlive their pack", "[decode][senml]") {
    const auto decoder = make_decoder(format_of("senml-json"));
    CHECK_FALSE(
        outcome_of(
            *decoder,
            R"([{"bver":5,"bn":"urn:x:a:","bu":"V","bt":5,"bv":1,"bs":2,"n":"voltage","v":1}])"
        )
            .cause
    );
    CHECK(outcome_of(*decoder, R"([{"v":1}])").cause == model::Refusal::missing_field);
    CHECK(
        outcome_of(*decoder, R"([{"n":"voltage","v":1}])").readings ==
        std::vector<std::string>{R"(voltage=1 [name="voltage"])"}
    );
}
