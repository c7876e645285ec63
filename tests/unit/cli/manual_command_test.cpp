#include "gateway/cli/manual_command.hpp"

#include "gateway/cli/command_line.hpp"
#include "gateway/cli/manual_page.hpp"
#include "gateway/cli/option_value.hpp"
#include "tests/support/temporary_directory.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <sstream>

using namespace gateway::cli;

namespace {

ManualText text_of_tea() {
    return {
        .description = {".SH is no heading here, 'x is no request, C:\\temp is a path."},
        .exits = {{3, "The pot is empty."}},
        .examples = {{"passerelle tea --how='it-is'", "As it is:"}}};
}

void add_tea(CommandLine& line, CommandContext& context) {
    CLI::App* tea = line.app().add_subcommand("tea", "Makes tea");
    context.manual[tea] = text_of_tea;
    tea->add_option("--how", "Strong, or not")
        ->type_name("HOW")
        ->check(CLI::IsMember({"weak", "strong"}).description(""));
    tea->add_subcommand("pour", "Pours it");
}

void add_tea_and_forget_coffee(CommandLine& line, CommandContext& context) {
    add_tea(line, context);
    line.app().add_subcommand("coffee", "Makes coffee");
}

struct Outcome {
    int status = 0;
    std::string err;
};

Outcome write_manual(
    const std::filesystem::path& directory, void (*add)(CommandLine&, CommandContext&)
) {
    const std::string into = directory.string();
    const std::array arguments{"passerelle", "--lang", "en", "manual", "--into", into.c_str()};
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    CommandContext context{in, out, err, {}};
    CommandLine line(arguments.size(), arguments.data(), context);
    add(line, context);
    add_manual_command(line.app(), context, add);
    const int status = line.run();
    return {status, err.str()};
}

}  // namespace

TEST_CASE("each command has a page in both languages", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const auto outcome = write_manual(directory.path(), add_tea);
    CHECK(outcome.status == 0);
    CHECK(outcome.err.empty());
    for (const char* language : {"man1", "fr/man1"}) {
        const auto pages = directory.path() / language;
        CHECK_THAT(
            tests::support::read_file(pages / "passerelle.1"), Catch::Contains("\\fBtea\\fR")
        );
        CHECK_THAT(
            tests::support::read_file(pages / "passerelle-tea.1"),
            Catch::Contains("passerelle tea pour")
        );
        CHECK(
            tests::support::read_file(pages / "passerelle-tea-pour.1") ==
            ".so man1/passerelle-tea.1\n"
        );
    }
}

TEST_CASE("a page says what the parser knows, and nothing in it is a request", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    REQUIRE(write_manual(directory.path(), add_tea).status == 0);
    const auto page = tests::support::read_file(directory.path() / "man1/passerelle-tea.1");
    CHECK_THAT(page, Catch::Contains("passerelle\\-tea, passerelle\\-tea\\-pour \\- makes tea"));
    CHECK_THAT(page, Catch::Contains("Strong, or not. One of: weak, strong."));
    CHECK_THAT(page, Catch::Contains("\n\\&.SH is no heading here, 'x is no request, C:\\etemp"));
    CHECK_THAT(page, Catch::Contains("\npasserelle tea \\-\\-how=\\(aqit\\-is\\(aq\n"));
    CHECK_THAT(page, Catch::Contains(".TP\n\\fB3\\fR\nThe pot is empty."));
}

TEST_CASE("a command without a text for the manual is named, and nothing is written", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const auto outcome = write_manual(directory.path(), add_tea_and_forget_coffee);
    CHECK(outcome.status == kExitNotWritten);
    CHECK_THAT(outcome.err, Catch::Contains("'coffee'"));
    CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("a directory that cannot be written to is named", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    directory.write("file", "x");
    const auto outcome = write_manual(directory.path() / "file", add_tea);
    CHECK(outcome.status == kExitNotWritten);
    CHECK_THAT(outcome.err, Catch::Contains("cannot be written"));
}

TEST_CASE("what the parser's checks allow is read from what they say", "[cli]") {
    CLI::App app;
    std::string word;
    int number = 0;
    double rate = 0;
    using Kind = OptionValue::Kind;
    auto* member = app.add_option("--member", word)->check(CLI::IsMember({"a", "b-c"}));
    CHECK(value_of(*member).words == std::vector<std::string>{"a", "b-c"});
    auto* range = app.add_option("--range", number)->check(CLI::Range(1, 1000));
    CHECK(value_of(*range).from == "1");
    CHECK(value_of(*range).to == "1000");
    auto* decimal = app.add_option("--decimal", rate)->check(CLI::Range(0.5, 20.0));
    CHECK(value_of(*decimal).from == "0.5");
    CHECK(value_of(*decimal).to == "20");
    auto* positive = app.add_option("--positive", number)->check(CLI::PositiveNumber);
    CHECK(value_of(*positive).to.empty());
    CHECK(value_word(*positive->type_name("COUNT")) == "COUNT");
    auto* file = app.add_option("--file", word)->type_name("FILE");
    CHECK(value_of(*file).kind == Kind::file);
    CHECK(value_of(*app.add_flag("--flag")).kind == Kind::none);
    CHECK(value_of(*app.add_option("--text", word)).kind == Kind::text);
}
