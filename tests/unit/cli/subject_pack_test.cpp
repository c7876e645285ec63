// A sealed export: from the clerk's machine, which cannot open it, to its holder's.
#include "gateway/cli/command.hpp"
#include "gateway/cli/export_target.hpp"
#include "gateway/sealing/sealed_stream.hpp"
#include "gateway/sealing/typed_key.hpp"
#include "tests/unit/cli/subject_counter.hpp"

#include <catch2/catch.hpp>

#include <cctype>
#include <filesystem>

using namespace gateway;
using namespace gateway::cli;
using namespace tests;
using support::read_file;

namespace {

using Names = std::set<std::string>;

// A counter, and a person with a pair of keys.
class Holder : public SubjectCounter {
  public:
    Holder() {
        const auto made = run_command({"subject", "keygen", private_key});
        REQUIRE(made.status == kExitOk);
        REQUIRE(made.out.ends_with('\n'));
        public_key = made.out.substr(0, made.out.size() - 1);
    }

    // The bytes of the pack that the clerk hands out.
    std::string seal(const std::string& into) {
        const auto outcome =
            ask({"export", "--dataset", "water", "--seal-to", public_key, "--into", file(into)},
                answers_of_an_export());
        REQUIRE(outcome.status == kExitOk);
        REQUIRE(asked.size() == 3);
        return read_file(file(into + '/' + kPackName));
    }

    // The holder opens what lies under a name.
    CommandOutcome open(
        const std::string& pack, const std::string& into, const std::string& language = "en"
    ) const {
        return run_command(
            {"subject",
             "open",
             file(pack),
             "--key",
             private_key,
             "--into",
             file(into),
             "--lang",
             language}
        );
    }

    std::string private_key = file("holder.key");
    std::string public_key;
};

}  // namespace

TEST_CASE_METHOD(
    SubjectCounter, "keygen keeps the private key and shows the public one", "[cli][subject]"
) {
    const auto made = run_command({"subject", "keygen", file("holder.key")});
    CHECK(made.status == kExitOk);
    CHECK(mode_of("holder.key") == 0600);
    const std::string private_key = read_file(file("holder.key")).substr(0, 44);
    CHECK_FALSE(contains(made.out + made.err, private_key));
    CHECK(sealing::parse_typed_key(made.out.substr(0, made.out.size() - 1)));
    CHECK(made.out.size() == 14 * 5);
    const auto again = run_command({"subject", "keygen", file("holder.key")});
    CHECK(again.status == kExitUnavailable);
    CHECK(again.out.empty());
    CHECK(read_file(file("holder.key")).substr(0, 44) == private_key);
}

TEST_CASE_METHOD(Holder, "a sealed export is one file that tells nothing", "[cli][subject]") {
    const auto outcome =
        ask({"export", "--dataset", "water", "--seal-to", public_key, "--into", file("sealed")},
            answers_of_an_export());
    CHECK(outcome.status == kExitOk);
    CHECK(
        outcome.out == "The sealed export is in " + file("sealed/export.pack") +
                           "; only the holder of the private key can open it.\n"
    );
    CHECK(outcome.err.empty());
    CHECK(files_in("sealed") == Names{"export.pack"});
    CHECK(mode_of("sealed") == 0700);
    CHECK(mode_of("sealed/export.pack") == 0600);
    const std::string pack = read_file(file("sealed/export.pack"));
    for (const std::string& word : kPersonal) CHECK_FALSE(contains(pack, word));
    for (const std::string& name : kExported) CHECK_FALSE(contains(pack, name));
    CHECK(pack.size() == sealing::kStreamHeadBytes + sealing::kSealedBlockBytes);
    // The control: the search finds each of them where nothing is sealed.
    REQUIRE(
        ask({"export", "--dataset", "water", "--into", file("plain")}, answers_of_an_export())
            .status == kExitOk
    );
    std::string plain;
    for (const std::string& name : kExported) plain += read_file(file("plain/" + name));
    for (const std::string& word : kPersonal) CHECK(contains(plain, word));
}

TEST_CASE_METHOD(Holder, "the holder opens what the plain export has", "[cli][subject]") {
    seal("sealed");
    std::filesystem::remove(configuration);  // the holder has none
    const auto opened = open("sealed/export.pack", "opened");
    CHECK(opened.status == kExitOk);
    CHECK(opened.out == "The files are in " + file("opened") + "; begin with summary.txt.\n");
    CHECK(opened.err.empty());
    CHECK(files_in("opened") == kExported);
    CHECK(mode_of("opened") == 0700);
    for (const std::string& name : kExported) CHECK(mode_of("opened/" + name) == 0600);

    SubjectCounter plain;
    REQUIRE(
        plain
            .ask(
                {"export", "--dataset", "water", "--into", plain.file("out")},
                answers_of_an_export()
            )
            .status == kExitOk
    );
    for (const std::string name : {"readings.jsonl", "readings.csv", "consents.jsonl"})
        CHECK(read_file(file("opened/" + name)) == read_file(plain.file("out/" + name)));
    CHECK(contains(read_file(file("opened/summary.txt")), "What is held about you"));
    CHECK(contains(read_file(file("opened/manifest.json")), "\"dead_letters\":1"));
}

TEST_CASE_METHOD(Holder, "a pack is opened where the holder is", "[cli][subject]") {
    seal("sealed");
    const auto before = std::filesystem::current_path();
    std::filesystem::create_directory(file("here"));
    std::filesystem::current_path(file("here"));
    const auto opened =
        run_command({"subject", "open", "../sealed/export.pack", "--key", private_key});
    std::filesystem::current_path(before);
    CHECK(opened.status == kExitOk);
    CHECK(files_in("here") == kExported);
}

TEST_CASE_METHOD(Holder, "an export of many blocks comes out as it went in", "[cli][subject]") {
    const std::string lines(3 * sealing::kBlockBytes + 17, '\n');
    REQUIRE(
        ask({"export", "--dataset", "water", "--seal-to", public_key, "--into", file("sealed")},
            {page(lines, 1, true), page(lines), page(""), page("")})
            .status == kExitOk
    );
    REQUIRE(open("sealed/export.pack", "opened").status == kExitOk);
    CHECK(read_file(file("opened/readings.jsonl")) == lines + lines);
    CHECK(files_in("opened") == kExported);
    CHECK(read_file(file("opened/consents.jsonl")).empty());
}

TEST_CASE_METHOD(Holder, "another key opens nothing, and is told so", "[cli][subject]") {
    seal("sealed");
    private_key = file("other.key");
    REQUIRE(run_command({"subject", "keygen", private_key}).status == kExitOk);
    const auto english = open("sealed/export.pack", "opened");
    CHECK(english.status == kExitNotOpened);
    CHECK(contains(english.err, "sealed for another key"));
    CHECK(english.out.empty());
    CHECK_FALSE(std::filesystem::exists(file("opened")));
    const auto french = open("sealed/export.pack", "opened", "fr");
    CHECK(french.status == kExitNotOpened);
    CHECK(contains(french.err, "scellé pour une autre clé"));
}

TEST_CASE_METHOD(Holder, "a damaged pack is refused, and nothing is left of it", "[cli][subject]") {
    const std::string whole = seal("sealed");
    std::vector<std::string> damaged{
        "",
        whole.substr(0, 100),
        whole.substr(0, sealing::kStreamHeadBytes),
        whole.substr(0, whole.size() - 1),
        whole + '\0',
        whole + whole};
    for (std::size_t at = 0; at < whole.size(); at += at < 160 ? 1 : 9'973) {
        damaged.push_back(whole);
        damaged.back()[at] = static_cast<char>(damaged.back()[at] ^ 1);
    }
    for (const std::string& pack : damaged) {
        directory.write("damaged.pack", pack);
        const auto outcome = open("damaged.pack", "opened");
        CHECK(outcome.status == kExitNotOpened);
        CHECK(contains(outcome.err, "is damaged or not whole"));
        CHECK(outcome.out.empty());
        CHECK(files_in("opened").empty());
    }
    const auto french = open("damaged.pack", "opened", "fr");
    CHECK(contains(french.err, "est abîmé ou incomplet"));
    // The one that was not changed opens.
    CHECK(open("sealed/export.pack", "opened").status == kExitOk);
}

TEST_CASE_METHOD(Holder, "what is no pack inside is refused as well", "[cli][subject]") {
    sealing::StreamSealer sealer(
        *sealing::Seal::for_key(sealing::parse_typed_key(public_key).value())
    );
    std::string block = "\xff";
    directory.write("other.pack", sealer.head() + sealer.seal(block, true));
    const auto outcome = open("other.pack", "opened");
    CHECK(outcome.status == kExitNotOpened);
    CHECK(files_in("opened").empty());
}

TEST_CASE_METHOD(Holder, "files that cannot be read or written are told", "[cli][subject]") {
    seal("sealed");
    CHECK(open("none.pack", "opened").status == kExitUnavailable);
    CHECK(contains(open("none.pack", "opened").err, "none.pack cannot be read: "));
    CHECK(open("sealed", "opened").status == kExitUnavailable);  // a directory
    CHECK_FALSE(std::filesystem::exists(file("opened")));
    CHECK(open("sealed/export.pack", "sealed/export.pack/opened").status == kExitUnavailable);

    std::filesystem::create_directory(file("there"));
    directory.write("there/readings.csv", "of another");
    const auto outcome = open("sealed/export.pack", "there");
    CHECK(outcome.status == kExitUnavailable);
    CHECK(contains(outcome.err, "The files in " + file("there") + " cannot be written: "));
    CHECK(files_in("there") == Names{"readings.csv"});
    CHECK(read_file(file("there/readings.csv")) == "of another");

    private_key = file("none.key");
    CHECK(open("sealed/export.pack", "opened").status == kExitUnavailable);
    private_key = directory.write("no.key", "not a key");
    const auto keyless = open("sealed/export.pack", "opened");
    CHECK(keyless.status == kExitUnavailable);
    CHECK(contains(keyless.err, "holds no private key of passerelle subject keygen"));
    CHECK(run_command({"subject", "open", file("sealed/export.pack")}).status == kExitUsage);
}

TEST_CASE_METHOD(Holder, "the public key may be in a file, and may be typed", "[cli][subject]") {
    const auto seal_to = [&](const std::string& told, const std::string& into) {
        return ask(
            {"export", "--dataset", "water", "--seal-to", told, "--into", file(into)},
            answers_of_an_export()
        );
    };
    CHECK(seal_to(directory.write("holder.pub", public_key + "\n"), "by-file").status == kExitOk);
    CHECK(open("by-file/export.pack", "opened-1").status == kExitOk);
    std::string typed = public_key;
    for (char& symbol : typed)
        symbol = symbol == '-' ? ' ' : static_cast<char>(std::tolower(symbol));
    CHECK(seal_to(typed, "typed").status == kExitOk);
    CHECK(open("typed/export.pack", "opened-2").status == kExitOk);
}

TEST_CASE_METHOD(Holder, "nothing is asked for under a key that is none", "[cli][subject]") {
    std::string mistyped = public_key;
    mistyped[0] = mistyped[0] == 'Z' ? 'Y' : 'Z';
    // The point 0, spelt as a key: it would protect nothing.
    const std::string worthless = sealing::typed_key(std::string(43, 'A') + '=');
    for (const std::string& told :
         {mistyped,
          worthless,
          std::string(),
          file("none.pub"),
          directory.write("m.pub", mistyped),
          directory.path().string()}) {
        const auto outcome =
            ask({"export", "--dataset", "water", "--seal-to=" + told, "--into", file("out")},
                answers_of_an_export());
        CHECK(outcome.status == kExitUsage);
        CHECK(outcome.out.empty());
        CHECK_FALSE(outcome.err.empty());
        CHECK(asked.empty());
        CHECK_FALSE(std::filesystem::exists(file("out")));
    }
}

TEST_CASE_METHOD(Holder, "a sealed export that breaks off leaves no pack", "[cli][subject]") {
    auto answers = answers_of_an_export();
    answers.pop_back();
    const auto outcome =
        ask({"export", "--dataset", "water", "--seal-to", public_key, "--into", file("sealed")},
            answers);
    CHECK(outcome.status == kExitUnavailable);
    CHECK(files_in("sealed").empty());
}
