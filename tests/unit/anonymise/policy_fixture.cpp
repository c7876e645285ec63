#include "tests/unit/anonymise/policy_fixture.hpp"

#include <catch2/catch.hpp>

namespace tests {

using namespace gateway;

namespace {

const model::Quantity kVolume{"water.volume", "m3", std::nullopt, std::nullopt};
const model::Instant kNow = *model::parse_rfc3339("2026-05-01T12:34:56.789Z");

settings::Dataset dataset_of(std::map<std::string, settings::Rule> fields) {
    settings::Dataset dataset;
    dataset.name = "water";
    dataset.fields = std::move(fields);
    return dataset;
}

}  // namespace

model::Result<anonymise::Key> FixedKeys::key(std::string_view name) {
    asked.emplace_back(name);
    if (fail) return make_error_code(boost::system::errc::io_error);
    anonymise::Key key;
    for (std::size_t i = 0; i < name.size(); ++i) {
        key.bytes()[i % key.kBytes] ^= static_cast<unsigned char>(name[i] + static_cast<char>(i));
    }
    return key;
}

model::Result<std::optional<anonymise::Key>> FixedKeys::find(std::string_view) {
    return std::optional<anonymise::Key>{};
}

model::Decoded<std::string> NumberedTokens::token(
    std::string_view dataset, const anonymise::Pseudonymiser::Fingerprint& identity
) {
    ++asked;
    std::string row(dataset);
    for (const std::byte byte : identity) row += static_cast<char>(byte);
    const auto known = tokens_.find(row);
    if (known != tokens_.end()) return known->second;
    if (is_full) return model::Fault{model::Refusal::limit_exceeded};
    return tokens_[row] = "token " + std::to_string(++made_);
}

void NumberedTokens::forget() {
    tokens_.clear();
    ++generation_;
}

PolicyFixture::PolicyFixture(std::map<std::string, settings::Rule> fields)
    : policy_(dataset_of(std::move(fields)), keys_, tokens_) {
    REQUIRE(policy_.prepare(kNow));
    reading_.device = "d";
    reading_.observed_at = kNow;
}

model::Decoded<model::PublicReading> PolicyFixture::apply(model::Decimal value) {
    return policy_.apply({reading_, kVolume, value}, memory_);
}

model::Decoded<std::string> PolicyFixture::device(std::string_view name) {
    reading_.device = name;
    const auto result = apply({1, 0});
    if (!result) return result.error();
    return std::string{result->device()};
}

model::Decimal PolicyFixture::value(model::Decimal value) {
    const auto result = apply(value);
    REQUIRE(result);
    return result->value();
}

std::string PolicyFixture::attributes(std::vector<model::Attribute> attributes) {
    reading_.attributes = attributes;
    const auto result = apply({1, 0});
    reading_.attributes = {};
    REQUIRE(result);
    return std::string{result->attributes()};
}

}  // namespace tests
