#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/command_session.hpp"

#include <catch2/catch.hpp>

using tests::run_command;

namespace {

constexpr const char* kDefault = PASSERELLE_SOURCE_DIR "/config/passerelle.toml";

// A configuration of its own in a directory of its own.
class ConfigurationFile {
  public:
    explicit ConfigurationFile(const std::string& text) : path_(directory_.write("p.toml", text)) {}
    const std::string& path() const { return path_; }

  private:
    tests::support::TemporaryDirectory directory_;
    std::string path_;
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("check tells what the default configuration does", "[cli]") {
    const auto outcome = run_command({"check", kDefault, "--lang", "en"});
    CHECK(outcome.status == 0);
    CHECK(contains(outcome.err, "[fine-grain]\n1 warning\n"));
    CHECK(contains(outcome.out, "can be used"));
    CHECK(contains(outcome.out, "\n    water/{device}/reading\n"));
    CHECK(contains(outcome.out, "device     pseudonym, epoch 30 d"));
    CHECK(contains(outcome.out, "any other  drop"));
    CHECK(contains(outcome.out, "http://127.0.0.1:8090/v1/batches"));
}

TEST_CASE("check shows what is left of each field in each dataset", "[cli]") {
    const auto outcome = run_command({"check", kDefault, "--lang", "en"});
    CHECK(contains(
        outcome.out, "What is left of each field, for each dataset:\n  FIELD      CLASS  water "
    ));
    CHECK(contains(
        outcome.out,
        "  device            pseudonym, new every 30\u00a0d  pseudonym for ever  pseudonym, "
    ));
    CHECK(contains(outcome.out, "  location          dropped "));
    CHECK(contains(outcome.out, "coarsened to 15\u00a0min"));
    CHECK(contains(outcome.out, "  any other         dropped "));
}

TEST_CASE("check shows what each recipient gets of what is stored", "[cli]") {
    const auto plain = run_command({"check", kDefault, "--lang", "en"});
    CHECK(contains(
        plain.out, "What each recipient gets of what is stored:\nOf water, on its way out:\n"
    ));
    CHECK(contains(plain.out, "  FIELD   city\n  device  a name of its own\n"));
    const ConfigurationFile file{
        "[gateway]\nid = \"a\"\n[[dataset]]\nname = \"x\"\npurpose = \"p\"\n"
        "legal_basis = \"l\"\n[dataset.fields]\n"
        "device = \"keep\"\nsite = \"keep\"\nfloor = \"keep\"\nowner = \"drop\"\n"
        "[[uplink]]\nname = \"city\"\nkind = \"http\"\nurl = \"https://a.example.org/\"\n"
        "[[uplink]]\nname = \"open\"\nkind = \"http\"\nurl = \"https://b.example.org/\"\n"
        "recipient = \"portal\"\n[uplink.contract.x]\nreference = \"licence 7\"\n"
        "fields = { device = { rule = \"pseudonym\", epoch = \"P1D\" }, floor = \"keep\", "
        "time = { rule = \"coarsen\", step = \"P1D\" } }\n"};
    const auto outcome = run_command({"check", file.path()});
    CHECK(contains(
        outcome.out,
        "Of x, on its way out:\n"
        "  FIELD   city       open (recipient portal)\n"
        "  device  as stored  a name of its own, new every 1\u00a0d\n"
        "  time    as stored  coarsened to 1\u00a0d\n"
        "  site    as stored  not sent\n"
    ));
    CHECK_FALSE(contains(outcome.out, "  floor   as stored"));
    CHECK(contains(outcome.out, "x: licence 7"));
    // Where everything leaves as it is stored there is nothing to show.
    const ConfigurationFile open{
        "[gateway]\nid = \"a\"\n[[dataset]]\nname = \"x\"\npurpose = \"p\"\n"
        "legal_basis = \"l\"\nfields = { device = \"keep\" }\n"
        "[[uplink]]\nname = \"city\"\nkind = \"http\"\nurl = \"https://a.example.org/\"\n"};
    CHECK_FALSE(contains(run_command({"check", open.path()}).out, "What each recipient gets"));
}

TEST_CASE("check names a field's class", "[cli]") {
    const ConfigurationFile file{
        "[gateway]\nid = \"a\"\n[[dataset]]\nname = \"x\"\npurpose = \"p\"\n"
        "legal_basis = \"l\"\n[dataset.fields]\n"
        "device = { rule = \"pseudonym\", class = \"direct\" }\n"};
    const auto outcome = run_command({"check", file.path()});
    CHECK(contains(
        outcome.out,
        "  FIELD      CLASS   x\n"
        "  device     direct  pseudonym, new every 30\u00a0d\n"
        "  time               kept\n"
        "  value              kept\n"
        "  any other          dropped\n"
    ));
}

TEST_CASE("check says what a changed configuration opens", "[cli]") {
    const std::string head =
        "[gateway]\nid = \"a\"\n[[dataset]]\nname = \"x\"\npurpose = \"p\"\n"
        "legal_basis = \"l\"\n[dataset.fields]\n";
    const ConfigurationFile old{head + "device = \"pseudonym\"\nsite = \"drop\"\n"};
    const ConfigurationFile now{head + "device = \"pseudonym\"\nsite = \"keep\"\n"};
    const auto opened = run_command({"check", now.path(), "--against", old.path()});
    CHECK(opened.status == 0);
    CHECK(contains(
        opened.out,
        "\nMore open than in " + old.path() + ":\n  x: 'site' may tell more: keep; before: drop\n"
    ));
    const auto closed = run_command({"check", old.path(), "--against", now.path()});
    CHECK(closed.status == 0);
    CHECK(contains(closed.out, "\nNothing is more open than in " + now.path() + ".\n"));
    const ConfigurationFile wrong{"[gateway]\n"};
    const auto failed = run_command({"check", now.path(), "--against", wrong.path()});
    CHECK(failed.status == 78);
    CHECK(contains(failed.err, wrong.path() + ":1:1: 'id' is missing"));
    CHECK(run_command({"check", wrong.path(), "--against", now.path()}).status == 78);
}

TEST_CASE("check speaks the configuration's language unless told otherwise", "[cli]") {
    CHECK(contains(run_command({"check", kDefault}).out, "peut être utilisée"));
    CHECK(contains(run_command({"check", kDefault, "--lang", "en"}).out, "can be used"));
}

TEST_CASE("check reports every error and exits with 78", "[cli]") {
    const ConfigurationFile file{"[gateway]\nid = 7\nlang = \"fr\"\n"};
    const auto outcome = run_command({"check", file.path()});
    CHECK(outcome.status == 78);
    CHECK(outcome.out.empty());
    CHECK(contains(outcome.err, file.path() + ":2:6: 'id' is a whole number"));
    CHECK(contains(outcome.err, file.path() + ":3:1: 'lang' is not a key of [gateway]"));
    CHECK(contains(outcome.err, "2 errors"));
}

TEST_CASE("errors are told in the language that the faulty file asks for", "[cli]") {
    const ConfigurationFile file{"[gateway]\nid = \"a\"\nlanguage = \"fr\"\nx = 1\n"};
    CHECK(contains(run_command({"check", file.path()}).err, "n’est pas une clé de [gateway]"));
}

TEST_CASE("check does not look for files when told so", "[cli]") {
    const ConfigurationFile file{
        "[gateway]\nid = \"a\"\n[[uplink]]\nname = \"city\"\nkind = \"http\"\n"
        "url = \"https://data.example.org/\"\nbearer_token = { file = \"/nonexistent/token\" }\n"};
    CHECK(run_command({"check", file.path()}).status == 78);
    CHECK(run_command({"check", file.path(), "--without-files"}).status == 0);
}

TEST_CASE("check names two sums that share meters", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    std::string members;
    for (int meter = 0; meter < 20; ++meter) members += "m-" + std::to_string(meter) + ";north\n";
    const std::string list = directory.write("members.csv", members);
    std::string text =
        "[gateway]\nid = \"a\"\n"
        "[[dataset]]\nname = \"water\"\npurpose = \"balance\"\nlegal_basis = \"public task\"\n"
        "fields = { device = \"pseudonym\" }\n"
        "[[dataset]]\nname = \"districts\"\npurpose = \"balance\"\nlegal_basis = \"public task\"\n"
        "fields = { device = \"keep\", meters = \"keep\", seconds = \"keep\" }\n";
    for (const char* name : {"hourly", "daily"}) {
        text += std::string("[[sum]]\nname = \"") + name +
                "\"\nfrom = \"water\"\nquantity = \"water.volume\"\ninto = \"districts\"\n"
                "groups = [\"north\"]\nmembers = \"" +
                list + "\"\n";
    }
    const ConfigurationFile file{text};
    const auto outcome = run_command({"check", file.path(), "--lang", "en"});
    CHECK(outcome.status == 78);
    CHECK(contains(outcome.err, "the sums \"hourly\" and \"daily\" share meters"));
}

TEST_CASE("run refuses a wrong configuration before anything starts", "[cli]") {
    const ConfigurationFile file{"[gateway]\n"};
    const auto outcome = run_command({"run", "--config", file.path()});
    CHECK(outcome.status == 78);
    CHECK_FALSE(contains(outcome.out, "runs"));
}

TEST_CASE("run hands the settings over and returns the gateway's status", "[cli]") {
    const auto outcome = run_command({"run", "--config", kDefault});
    CHECK(outcome.status == 7);
    CHECK(outcome.out == "runs tunis-bardo-07");
}
