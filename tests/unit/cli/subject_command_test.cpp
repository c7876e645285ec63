// `subject`: what the clerk's command asks the gateway for, and what becomes of the answers.
#include "gateway/cli/command.hpp"
#include "gateway/cli/subject_session.hpp"
#include "gateway/subject/digest.hpp"
#include "tests/unit/cli/scripted_server.hpp"
#include "tests/unit/cli/subject_counter.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace gateway::cli;
using namespace tests;
using support::read_file;

namespace {

using Names = std::set<std::string>;
using Texts = std::vector<std::string>;

std::string line(const std::string& dataset, int sequence) {
    return "{\"dataset\":\"" + dataset + "\",\"sequence\":" + std::to_string(sequence) +
           ",\"device\":\"d\",\"quantity\":\"q\",\"value\":1,\"unit\":\"m3\",\"time\":"
           "\"2026-03-01T00:00:00.000Z\",\"time_quality\":\"device\",\"attributes\":{}}\n";
}

std::string certificate(const std::string& state) {
    return R"({"gateway":"gabes-02","city":"Gabes","at":"2026-03-01T00:00:00.000Z","state":")" +
           state +
           R"(","readings":5,"undelivered":2,"dead_letters":1,"unreadable_segments":0,)"
           R"("sha256":"ab12","told":{"city":1},)"
           R"("datasets":[{"name":"water","readings":5,"dead_letters":1}]})";
}

std::string sha256(const std::string& content) {
    gateway::subject::Digest digest;
    digest.add(content);
    return digest.hex();
}

}  // namespace

TEST_CASE_METHOD(
    SubjectCounter,
    "an export asks for the pages of each dataset in the configuration's order",
    "[cli][subject]"
) {
    const auto outcome =
        ask({"export", "--dataset", "air", "--dataset", "water", "--into", file("out")},
            {page(line("water", 1), 7, true),
             page(line("water", 2)),
             page(line("water", 3)),
             page("{\"act\":\"grant\"}\n"),
             page(""),
             page(""),
             page("")});
    CHECK(outcome.status == kExitOk);
    CHECK(outcome.out == "3 rows written to " + file("out") + "\n");
    CHECK(outcome.err.empty());
    const std::map<std::string, std::string> letters{{"letters", "true"}};
    CHECK(
        asked ==
        Texts{
            "/subject/export " + request_for("water"),
            "/subject/export " + request_for("water", {{"after", "7"}}),
            "/subject/export " + request_for("water", letters),
            "/consent/list " + request_for("water", letters),
            "/subject/export " + request_for("air"),
            "/subject/export " + request_for("air", letters),
            "/consent/list " + request_for("air", letters)}
    );
    CHECK(
        read_file(file("out/readings.jsonl")) ==
        line("water", 1) + line("water", 2) + line("water", 3)
    );
    CHECK(read_file(file("out/consents.jsonl")) == "{\"act\":\"grant\"}\n");
}

TEST_CASE_METHOD(
    SubjectCounter, "the files of an export are their owner's alone", "[cli][subject]"
) {
    const auto outcome =
        ask({"export", "--dataset", "water", "--into", file("out")}, answers_of_an_export());
    REQUIRE(outcome.status == kExitOk);
    CHECK(mode_of("out") == 0700);
    CHECK(files_in("out") == kExported);
    for (const std::string& name : kExported) CHECK(mode_of("out/" + name) == 0600);
    CHECK(
        read_file(file("out/readings.csv")) ==
        "dataset,sequence,device,quantity,value,unit,time,time_quality,attributes,refused_by,"
        "cause\r\n"
        "water,41,7c1f-pseudonym,water.volume,3141.59,m3,2026-03-01T06:15:00.000Z,device,{},,\r\n"
        "water,42,7c1f-pseudonym,water.volume,3142.00,m3,2026-03-01T07:15:00.000Z,device,{},city,"
        "rejected\r\n"
    );
    const std::string manifest = read_file(file("out/manifest.json"));
    for (const std::string& name : kExported) {
        if (name == "manifest.json") continue;
        CHECK(contains(manifest, sha256(read_file(file("out/" + name)))));
    }
    for (const std::string& name : kExported)
        CHECK_FALSE(contains(read_file(file("out/" + name)), "benali"));
}

TEST_CASE_METHOD(SubjectCounter, "the identity is no argument, and bounded", "[cli][subject]") {
    const Texts words{"restrict", "--dataset", "water"};
    const Texts done{http_answer("{\"entries\":1}")};
    for (const std::string& input :
         {std::string(), std::string("\n"), std::string(257, 'x'), std::string("\r\n")}) {
        const auto outcome = ask(words, done, input);
        CHECK(outcome.status == kExitUsage);
        CHECK(contains(outcome.err, "256"));
        CHECK(asked.empty());
    }
    CHECK(ask(words, done, "meter-of-family-benali\r\nnot this\n").status == kExitOk);
    CHECK(asked == Texts{"/subject/restrict " + request_for("water")});
    Texts by_file = words;
    by_file.insert(
        by_file.end(), {"--identity-file", directory.write("id", "meter-of-family-benali")}
    );
    CHECK(ask(by_file, done, "somebody else\n").status == kExitOk);
    CHECK(asked == Texts{"/subject/restrict " + request_for("water")});
    by_file.back() = file("none");
    CHECK(ask(by_file, done).status == kExitUsage);
    Texts as_an_argument = words;
    as_an_argument.insert(as_an_argument.end(), {"--identity", "meter-of-family-benali"});
    CHECK(ask(as_an_argument, done).status == kExitUsage);
    CHECK(asked.empty());
}

TEST_CASE_METHOD(SubjectCounter, "a restriction is asked for, and lifted", "[cli][subject]") {
    const Texts done{http_answer("{\"entries\":1}")};
    auto outcome =
        ask({"restrict", "--dataset", "water", "--field", "phone", "--reference", "letter 7"},
            done);
    CHECK(outcome.status == kExitOk);
    CHECK(outcome.out == "Readings of this identity are no longer stored.\n");
    CHECK(
        asked ==
        Texts{
            "/subject/restrict " +
            request_for("water", {{"field", "\"phone\""}, {"reference", "\"letter 7\""}})}
    );
    outcome = ask({"restrict", "--dataset", "water", "--lift"}, done);
    CHECK(outcome.status == kExitOk);
    CHECK(outcome.out == "Readings of this identity are stored again.\n");
    CHECK(asked == Texts{"/subject/lift " + request_for("water")});
}

TEST_CASE_METHOD(SubjectCounter, "an erasure leaves a certificate", "[cli][subject]") {
    const auto outcome =
        ask({"erase", "--dataset", "water", "--into", file("papers")},
            {http_answer(certificate("done"))});
    CHECK(outcome.status == kExitOk);
    CHECK(outcome.out == "6 rows are erased; the certificate is in " + file("papers") + "\n");
    CHECK(asked == Texts{"/subject/erase " + request_for("water")});
    CHECK(mode_of("papers") == 0700);
    const std::string name = "erasure-certificate";
    CHECK(files_in("papers") == Names{name + ".json", name + ".fr.txt", name + ".en.txt"});
    for (const char* ending : {".json", ".fr.txt", ".en.txt"})
        CHECK(mode_of("papers/" + name + ending) == 0600);
    CHECK(read_file(file("papers/" + name + ".json")) == certificate("done") + "\n");
    CHECK(contains(read_file(file("papers/" + name + ".fr.txt")), "personne concernée"));
    CHECK(contains(read_file(file("papers/" + name + ".en.txt")), "person concerned"));
}

TEST_CASE_METHOD(SubjectCounter, "an erasure takes two steps when asked to", "[cli][subject]") {
    auto outcome =
        ask({"erase", "--prepare", "--dataset", "water", "--into", file("first")},
            {http_answer(certificate("done"))});
    CHECK(outcome.status == kExitOk);
    CHECK(outcome.out == "6 rows would be erased; confirm them with ab12\n");
    CHECK(asked == Texts{"/subject/find " + request_for("water")});
    const std::string name = "erasure-prepared";
    CHECK(files_in("first") == Names{name + ".json", name + ".fr.txt", name + ".en.txt"});
    CHECK(contains(read_file(file("first/" + name + ".fr.txt")), "--confirm ab12"));

    const Texts second{
        "erase", "--two-step", "--confirm", "ab12", "--dataset", "water", "--into", file("second")};
    outcome = ask(second, {http_answer(certificate("done"))});
    CHECK(outcome.status == kExitOk);
    CHECK(
        asked ==
        Texts{
            "/subject/erase " +
            request_for("water", {{"confirm", "\"ab12\""}, {"two_step", "true"}})}
    );
    Texts both = second;
    both.emplace_back("--prepare");
    CHECK(ask(both, {}).status == kExitUsage);
    CHECK(asked.empty());
}

TEST_CASE_METHOD(SubjectCounter, "an erasure that waits is not done", "[cli][subject]") {
    const auto outcome =
        ask({"erase", "--dataset", "water", "--into", file("papers")},
            {http_answer(certificate("waits"))});
    CHECK(outcome.status == kExitNotDone);
    CHECK(outcome.out.empty());
    CHECK(contains(outcome.err, "waits for room on the disk"));
    CHECK(files_in("papers").size() == 3);
}

TEST_CASE_METHOD(
    SubjectCounter, "a certificate that cannot be written is shown", "[cli][subject]"
) {
    const std::string place = file("papers");
    std::filesystem::create_directory(place);
    directory.write("papers/erasure-certificate.fr.txt", "of somebody else");
    const auto outcome =
        ask({"erase", "--dataset", "water", "--into", place}, {http_answer(certificate("done"))});
    CHECK(outcome.status == kExitUnavailable);
    CHECK(contains(outcome.err, "The files in " + place + " cannot be written: "));
    CHECK(outcome.err.ends_with(certificate("done") + "\n"));
    CHECK(outcome.out.empty());
}

TEST_CASE_METHOD(
    SubjectCounter, "nothing is erased whose certificate has no place", "[cli][subject]"
) {
    const std::string place = directory.write("a-file", "");
    for (const std::string& into : {place, place + "/papers"}) {
        const auto outcome = ask({"erase", "--dataset", "water", "--into", into}, {});
        CHECK(outcome.status == kExitUnavailable);
        CHECK(contains(outcome.err, "The files in " + into + " cannot be written: "));
        CHECK(outcome.out.empty());
    }
}

TEST_CASE_METHOD(SubjectCounter, "what the gateway refuses is said in words", "[cli][subject]") {
    const Texts answers{refusal("there is no such dataset")};
    const std::vector<Texts> commands{
        {"export", "--into", file("out")},
        {"erase", "--into", file("papers")},
        {"erase", "--prepare", "--into", file("papers")},
        {"restrict"},
        {"restrict", "--lift"}};
    for (Texts words : commands) {
        words.insert(words.end(), {"--dataset", "water"});
        const auto english = ask(words, answers);
        CHECK(english.status == kExitNotDone);
        CHECK(english.err == "there is no such dataset\n");
        CHECK(english.out.empty());
        CHECK(asked.size() == 1);
        words.insert(words.end(), {"--lang", "fr"});
        CHECK(ask(words, answers).err == "ce jeu de données n’existe pas\n");
    }
    CHECK(files_in("out").empty());
    CHECK(files_in("papers").empty());
    // What no desk has said is shown as it is.
    CHECK(
        ask({"restrict", "--dataset", "water"}, {http_answer("no", "502 Bad Gateway")}).err ==
        "no\n"
    );
}

TEST_CASE_METHOD(SubjectCounter, "what is no gateway is not taken for one", "[cli][subject]") {
    const Texts page_of_another{http_answer("<html></html>\n")};
    for (const Texts& words :
         {Texts{"export", "--dataset", "water", "--into", file("out")},
          Texts{"erase", "--dataset", "water", "--into", file("papers")},
          Texts{"erase", "--prepare", "--dataset", "water", "--into", file("papers")}}) {
        const auto outcome = ask(words, page_of_another);
        CHECK(outcome.status == kExitUnavailable);
        CHECK(outcome.err == "What answers there is not a gateway.\n");
        CHECK(outcome.out.empty());
    }
    const auto torn =
        ask({"export", "--dataset", "water", "--into", file("torn")}, {page("", 1, true)});
    CHECK(torn.status == kExitUnavailable);
    CHECK(contains(torn.err, "The store does not answer: "));
    for (const char* place : {"out", "papers", "torn"}) CHECK(files_in(place).empty());
}

TEST_CASE_METHOD(SubjectCounter, "where no gateway runs its store is asked", "[cli][subject]") {
    const auto outcome = run_command(
        {"subject", "restrict", "--dataset", "water", "--config", configuration}, "x\n"
    );
    CHECK(outcome.status == kExitUnavailable);
    CHECK(outcome.err == "nobody opens the store\n");
    const std::string wrong = directory.write("wrong.toml", "[gateway]\n");
    CHECK(
        run_command({"subject", "restrict", "--dataset", "water", "--config", wrong}).status ==
        kExitConfiguration
    );
}

TEST_CASE_METHOD(
    SubjectCounter, "an export that cannot be written leaves nothing behind", "[cli][subject]"
) {
    std::filesystem::create_directory(file("there"));
    directory.write("there/summary.txt", "of an earlier export");
    for (const std::string& place :
         {file("a-file/out"), file("there"), directory.write("a-file", "")}) {
        const auto outcome =
            ask({"export", "--dataset", "water", "--into", place}, answers_of_an_export());
        CHECK(outcome.status == kExitUnavailable);
        CHECK(contains(outcome.err, "The files in " + place + " cannot be written: "));
        CHECK(outcome.out.empty());
        CHECK(asked.empty());
    }
    CHECK(files_in("there") == Names{"summary.txt"});
    CHECK(read_file(file("there/summary.txt")) == "of an earlier export");
}
