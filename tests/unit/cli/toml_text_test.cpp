#include "gateway/cli/toml_text.hpp"

#include "gateway/cli/setup_profile.hpp"

#include <catch2/catch.hpp>

#include <variant>

using namespace gateway::cli;
using gateway::settings::Array;
using gateway::settings::Table;
using gateway::settings::Value;

namespace {

Table parsed(const std::string& text) {
    gateway::settings::Diagnostics diagnostics("text");
    auto table = gateway::settings::parse_document(text, diagnostics);
    REQUIRE(table);
    return std::move(*table);
}

bool is_same(const Value& left, const Value& right);

// Whatever the order of the keys.
bool is_same(const Table& left, const Table& right) {
    if (left.entries.size() != right.entries.size()) return false;
    for (const auto& entry : left.entries) {
        const Value* other = right.find(entry.key);
        if (other == nullptr || !is_same(entry.value, *other)) return false;
    }
    return true;
}

struct Same {
    bool operator()(const Table& left, const Table& right) const { return is_same(left, right); }
    bool operator()(const Array& left, const Array& right) const {
        return std::equal(
            left.begin(),
            left.end(),
            right.begin(),
            right.end(),
            [](const Value& one, const Value& other) { return is_same(one, other); }
        );
    }
    template <class T>
    bool operator()(const T& left, const T& right) const {
        return left == right;
    }
    bool operator()(gateway::settings::DateTime, gateway::settings::DateTime) const {
        return false;
    }
    template <class T, class U>
    bool operator()(const T&, const U&) const {
        return false;
    }
};

bool is_same(const Value& left, const Value& right) {
    return std::visit(Same{}, left.content, right.content);
}

// A table, below a header, and read again.
Table again(const Table& table) {
    const Table document = parsed(toml_text("[x]", table));
    const auto* read = std::get_if<Table>(&document.find("x")->content);
    REQUIRE(read != nullptr);
    return *read;
}

}  // namespace

TEST_CASE("what is written of a profile is what was read", "[cli]") {
    for (const auto& profile : profiles_in(PASSERELLE_SOURCE_DIR "/config/profiles").usable) {
        for (const auto* name : {"source", "dataset", "uplink"}) {
            for (const Table* table : tables_of(profile.document, name)) {
                CAPTURE(profile.name, name, toml_text("[x]", *table));
                CHECK(is_same(*table, again(*table)));
            }
        }
    }
}

TEST_CASE("any text, key and number is written so that it is read again", "[cli]") {
    const Table table = parsed(
        R"("a key" = "a \"quoted\" \\ line\u000A and \u007F"
"" = 1
whole = 10.0
tiny = 1e-7
huge = 1e300
minus = -3
yes = true
empty = ""
none = []
nothing = {}
mixed = [[1, 2], ["é", "ÿ"]]
)"
    );
    CHECK(is_same(table, again(table)));
    // Control: another value is noticed.
    CHECK_FALSE(is_same(table, parsed("whole = 11.0")));
    CHECK_FALSE(is_same(parsed("a = 1"), parsed("a = 1.0")));
}

TEST_CASE("small tables stay on their line, others get a header", "[cli]") {
    const Table table = parsed(
        "name = \"m\"\ntls = { a = \"1\", b = \"2\" }\n[json]\nreadings = [{ path = \"/m3\" }]\n"
        "[fields]\ndevice = { rule = \"keep\", class = \"public\" }\n"
    );
    CHECK(
        toml_text("[[source]]", table, {{"name", "keep it"}, {"fields.device", "a rule"}}) ==
        "[[source]]\n"
        "name = \"m\"  # keep it\n"
        "tls = { a = \"1\", b = \"2\" }\n"
        "\n"
        "[source.json]\n"
        "readings = [{ path = \"/m3\" }]\n"
        "\n"
        "[source.fields]\n"
        "device = { rule = \"keep\", class = \"public\" }  # a rule\n"
    );
}

TEST_CASE("a list that has no room on its line has a line for each element", "[cli]") {
    const std::string word(60, 'w');
    const Table table = parsed("list = [\"" + word + "\", \"" + word + "\"]\n");
    CHECK(
        toml_text("[x]", table) ==
        "[x]\nlist = [\n    \"" + word + "\",\n    \"" + word + "\",\n]\n"
    );
    CHECK(is_same(table, again(table)));
}
