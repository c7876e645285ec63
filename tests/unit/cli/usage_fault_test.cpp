#include "tests/unit/cli/command_session.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using tests::run_command;
using Words = std::vector<std::string>;

namespace {

struct Case {
    Words arguments;
    std::string english;
    std::string french;
};

const std::vector<Case> kCases{
    {{"check", "--frobnicate"},
     "there is no option '--frobnicate'",
     "il n’y a pas d’option « --frobnicate »"},
    {{"check", "--agianst=old.toml"},
     "there is no option '--agianst': did you mean '--against'?",
     "il n’y a pas d’option « --agianst » : vouliez-vous dire « --against » ?"},
    {{"subject", "erase", "--dataste", "water", "--into", "d"},
     "there is no option '--dataste': did you mean '--dataset'?",
     "il n’y a pas d’option « --dataste » : vouliez-vous dire « --dataset » ?"},
    {{"subject", "erase", "--into", "d"}, "--dataset is missing", "il manque --dataset"},
    {{"apply"}, "FILE is missing", "il manque FICHIER"},
    {{"check", "a", "b"}, "'b' is one argument too many", "« b » est un argument de trop"},
    {{"check", "--against"},
     "--against needs a value: FILE",
     "--against demande une valeur : FICHIER"},
    {{"check", "--against", "a", "--against", "b"},
     "--against may be given once",
     "--against ne se donne qu’une fois"},
    {{"check", "--without-files=maybe"},
     "--without-files takes no value",
     "--without-files ne prend pas de valeur"},
    {{"register", "--html", "--json"},
     "--json and --html cannot stand together",
     "--json et --html ne vont pas ensemble"},
    {{"devices", "--dataset", "water"},
     "--dataset needs --identity",
     "--dataset demande --identity"},
    {{"devices", "m-1", "--identity", "--dataset", "water"},
     "NAME and --identity cannot stand together",
     "NOM et --identity ne vont pas ensemble"},
    {{"device", "add", "m-1", "--with", "keys"},
     "--with cannot be 'keys'; it can be: password, key, certificate",
     "--with ne peut pas être « keys » ; au choix : password, key, certificate"},
    {{"history", "--show", "0"},
     "--show is a positive number, not '0'",
     "--show est un nombre positif, pas « 0 »"},
    {{"rollback", "last"},
     "NUMBER is a positive number, not 'last'",
     "NUMÉRO est un nombre positif, pas « last »"},
    {{"device", "ad"},
     "there is no command 'ad': did you mean 'add'?",
     "il n’y a pas de commande « ad » : vouliez-vous dire « add » ?"},
    {{"device"},
     "a command is missing behind 'device': add, rotate, revoke, list, ca",
     "il manque une commande après « device » : add, rotate, revoke, list, ca"}};

// A text without the blanks that French sets before some signs, which are not those of a keyboard.
std::string plain(std::string text) {
    for (auto at = text.find("\u00a0"); at != std::string::npos; at = text.find("\u00a0"))
        text.replace(at, 2, 1, ' ');
    return text;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

Words in_french(Words arguments) {
    arguments.insert(arguments.begin(), {"--lang", "fr"});
    return arguments;
}

}  // namespace

TEST_CASE("what is wrong with a command line is said in the chosen language", "[cli]") {
    for (const Case& each : kCases) {
        CAPTURE(each.arguments);
        const auto english = run_command(each.arguments);
        CHECK(english.status == 64);
        CHECK(english.out.empty());
        CHECK(first_line(english.err) == "passerelle: " + each.english);
        const auto french = run_command(in_french(each.arguments));
        CHECK(french.status == 64);
        CHECK(first_line(plain(french.err)) == "passerelle: " + each.french);
    }
}

TEST_CASE("a number out of its range is answered with the range", "[cli]") {
    for (const std::string given : {"0", "many"}) {
        const auto outcome = run_command({"devices", "--limit", given});
        CHECK(outcome.status == 64);
        CHECK_THAT(outcome.err, Catch::StartsWith("passerelle: --limit is a number from 1 to "));
        CHECK_THAT(outcome.err, Catch::Contains("not '" + given + "'"));
    }
    // Control: a number within it is taken, and the command goes on to ask a gateway.
    CHECK(run_command({"devices", "--limit", "1", "--address", "/nowhere"}).status == 69);
}

TEST_CASE("a language that is none is answered with those there are", "[cli]") {
    const auto outcome = run_command({"--lang", "de", "check"});
    CHECK(outcome.status == 64);
    CHECK(first_line(outcome.err) == "passerelle: --lang cannot be 'de'; it can be: fr, en");
}
