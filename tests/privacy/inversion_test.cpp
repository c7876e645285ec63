// Who has every pseudonym, every identity that there may be and all of our code, but not the key,
// tries to tell which is whose.
#include "clopper_pearson.hpp"
#include "gateway/aggregate/meter_token.hpp"
#include "gateway/anonymise/pseudonym.hpp"
#include "tests/proof/proof_size.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

using namespace gateway;
using anonymise::Key;
using anonymise::Pseudonymiser;

namespace {

constexpr std::uint64_t kIdentities = 20'000;  // fewer bound the advantage too loosely
constexpr double kAdvantageMax = 0.005;        // over guessing
constexpr double kAlpha = 0.025;               // of 95 %, either side

using Name = std::function<std::string(const std::string& identity)>;

// A country's mobile numbers: few enough to try them all.
std::string identity(std::uint64_t number) {
    return "+22177" + std::to_string(1'000'000 + number);
}

Key key_of(const std::string& text) {
    Key key;
    for (std::size_t i = 0; i < text.size(); ++i)
        key.bytes()[i % Key::kBytes] ^= static_cast<unsigned char>(text[i]);
    return key;
}

Key random_key(std::mt19937_64& random) {
    Key key;
    for (auto& byte : key.bytes()) byte = static_cast<unsigned char>(random());
    return key;
}

// As some programs "anonymise": the same for whoever computes it.
std::string unkeyed(const std::string& identity) {
    const auto digest = aggregate::token_of(identity);  // of SHA-256
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Ways to name an identity that need no secret.
std::vector<Name> guesses() {
    std::vector<Name> all{unkeyed};
    for (const char* word : {"", "water", "device", "water.2592000.0", "passerelle"}) {
        const auto guessed = std::make_shared<Pseudonymiser>(key_of(word));
        all.push_back([guessed](const std::string& text) {
            return guessed->pseudonym("device", text);
        });
    }
    return all;
}

// How many of the published names the attacker puts on the right identity. Where no guess fits, it
// takes both lists in their order: what a pseudonym that keeps an order would give away.
std::uint64_t inverted(const std::vector<std::string>& published) {
    std::unordered_map<std::string, std::uint64_t> known;
    for (const Name& guess : guesses()) {
        for (std::uint64_t i = 0; i < published.size(); ++i) known.emplace(guess(identity(i)), i);
    }
    std::vector<std::uint64_t> order(published.size());
    for (std::uint64_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint64_t left, std::uint64_t right) {
        return published[left] < published[right];
    });
    std::uint64_t right = 0;
    for (std::uint64_t place = 0; place < order.size(); ++place) {
        const std::uint64_t truth = order[place];
        const auto found = known.find(published[truth]);
        right += (found == known.end() ? place : found->second) == truth ? 1U : 0U;
    }
    return right;
}

std::vector<std::string> publish(const Name& name, std::uint64_t count) {
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < count; ++i) names.push_back(name(identity(i)));
    return names;
}

std::uint64_t identities() {
    return std::max(kIdentities, tests::proof::proof_size(kIdentities));
}

}  // namespace

TEST_CASE("without the key no pseudonym leads to its identity", "[privacy][inversion]") {
    std::mt19937_64 random(tests::proof::proof_seed());
    const Pseudonymiser pseudonymiser(random_key(random));
    const auto count = identities();
    const auto published = publish(
        [&](const std::string& text) { return pseudonymiser.pseudonym("device", text); }, count
    );
    const auto right = inverted(published);
    const double guessing = 1 / static_cast<double>(count);
    const double upper = tests::privacy::upper_bound(right, count, kAlpha);
    CHECK(upper - guessing <= kAdvantageMax);
    WARN(right << " of " << count << " pseudonyms inverted");
}

TEST_CASE("a hash without a key is inverted whole", "[privacy][inversion][control]") {
    const auto published = publish(unkeyed, 2'000);
    CHECK(inverted(published) == published.size());
}

TEST_CASE("one key makes one pseudonym, two keys never the same", "[privacy][inversion]") {
    std::mt19937_64 random(tests::proof::proof_seed());
    const auto secret = [&random] { return random_key(random); };
    const auto first_key = secret();
    Key same_key;
    std::copy(first_key.bytes().begin(), first_key.bytes().end(), same_key.bytes().begin());
    const Pseudonymiser box(first_key);
    const Pseudonymiser other_box(same_key);
    const Pseudonymiser other_purpose(secret());
    const auto count = identities();
    std::unordered_set<std::string> names;
    std::uint64_t differ = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string name = box.pseudonym("device", identity(i));
        differ += other_box.pseudonym("device", identity(i)) == name ? 0U : 1U;
        names.insert(name);
        names.insert(other_purpose.pseudonym("device", identity(i)));
        names.insert(box.pseudonym("phone", identity(i)));
    }
    CHECK(differ == 0);
    CHECK(names.size() == 3 * count);  // no collision, within a purpose or across
}
