#include "gateway/loosening/guard.hpp"

#include "gateway/loosening/signature.hpp"
#include "gateway/sealing/signature.hpp"
#include "gateway/settings/loader.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <filesystem>

using namespace gateway;
using namespace gateway::loosening;
using sealing::make_signing_keys;
using sealing::SigningKeys;
using tests::support::TemporaryDirectory;

namespace {

// A gateway's state and the configuration that somebody gives it.
class Box {
  public:
    // The configuration with a rule for the device, under the key that asks for signatures.
    std::string text(const std::string& rule, const std::string& key) const {
        std::string text = "[gateway]\nid = \"box\"\nstate_directory = \"" +
                           directory.path().string() + "\"\n[buffer]\npath = \"" +
                           directory.file("buffer.db") + "\"\n";
        if (!key.empty()) text += "[privacy]\nloosening_key = \"" + key + "\"\n";
        return text +
               "[[dataset]]\nname = \"water\"\npurpose = \"p\"\nlegal_basis = \"b\"\n"
               "[dataset.fields]\ndevice = \"" +
               rule + "\"\n";
    }

    std::string guarded(const std::string& rule) const { return text(rule, city.public_key); }

    Verdict verdict(const std::string& configuration) {
        directory.write("passerelle.toml", configuration);
        const auto loaded = settings::load(file);
        REQUIRE(loaded.settings);
        judgement = Guard(*loaded.settings).judge({*loaded.settings, loaded.text, file});
        return judgement.verdict;
    }

    // It runs, if it may.
    Verdict start(const std::string& configuration) {
        const Verdict answer = verdict(configuration);
        if (judgement.may_run()) {
            const auto loaded = settings::load(file);
            REQUIRE_FALSE(Guard(*loaded.settings).remember({*loaded.settings, loaded.text, file}));
            directory.write("buffer.db", "");
        }
        return answer;
    }

    void sign(const std::string& configuration, const SigningKeys& by) const {
        directory.write("passerelle.toml.sig", *loosening::sign(by.private_key, configuration));
    }

    TemporaryDirectory directory;
    std::string file = directory.file("passerelle.toml");
    SigningKeys city = make_signing_keys();
    SigningKeys other = make_signing_keys();
    Judgement judgement;
};

}  // namespace

TEST_CASE("a signature is of these bytes, by this key, for this purpose", "[loosening]") {
    const auto keys = make_signing_keys();
    const auto others = make_signing_keys();
    const auto signature = sign(keys.private_key, "text");
    REQUIRE(signature);
    CHECK(is_signed_by(keys.public_key, "text", *signature));
    CHECK_FALSE(is_signed_by(keys.public_key, "text\n", *signature));
    CHECK_FALSE(is_signed_by(keys.public_key, "", *signature));
    CHECK_FALSE(is_signed_by(others.public_key, "text", *signature));
    CHECK_FALSE(is_signed_by(keys.public_key, "text", "no signature"));
    CHECK_FALSE(is_signed_by("no key", "text", *signature));
    CHECK_FALSE(sign("no key", "text"));
}

TEST_CASE_METHOD(Box, "the first configuration is taken as it is", "[loosening]") {
    CHECK(verdict(text("keep", "")) == Verdict::first);
    CHECK(start(guarded("keep")) == Verdict::first);
    struct stat status {};
    REQUIRE(::stat(directory.file("policy/last.toml").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
    CHECK(start(guarded("keep")) == Verdict::not_looser);
}

TEST_CASE_METHOD(Box, "without a key what opens more may run", "[loosening]") {
    CHECK(start(text("pseudonym", "")) == Verdict::first);
    CHECK(start(text("keep", "")) == Verdict::unguarded);
    REQUIRE(judgement.openings.size() == 1);
    CHECK(judgement.openings[0].subject == "device");
}

TEST_CASE_METHOD(Box, "what opens more needs the city's signature", "[loosening]") {
    start(guarded("pseudonym"));
    const auto open = guarded("keep");
    CHECK(start(open) == Verdict::not_signed);
    CHECK_FALSE(judgement.may_run());
    sign(guarded("drop"), city);
    CHECK(start(open) == Verdict::wrong_signature);
    sign(open, other);
    CHECK(start(open) == Verdict::wrong_signature);
    CHECK_FALSE(judgement.may_run());
    sign(open, city);
    CHECK(start(open) == Verdict::is_signed);
    // It ran: it needs no signature any more, and neither does what is tighter.
    std::filesystem::remove(directory.file("passerelle.toml.sig"));
    CHECK(start(open) == Verdict::not_looser);
    CHECK(start(guarded("pseudonym")) == Verdict::not_looser);
    CHECK(start(open) == Verdict::not_signed);
}

TEST_CASE_METHOD(Box, "the key is changed and given up by its own signature", "[loosening]") {
    start(guarded("pseudonym"));
    const auto without = text("pseudonym", "");
    const auto taken_over = text("pseudonym", other.public_key);
    CHECK(start(without) == Verdict::not_signed);
    CHECK(start(taken_over) == Verdict::not_signed);
    sign(taken_over, other);
    CHECK(start(taken_over) == Verdict::wrong_signature);
    sign(taken_over, city);
    CHECK(start(taken_over) == Verdict::is_signed);
    sign(without, city);
    CHECK(start(without) == Verdict::wrong_signature);
    sign(without, other);
    CHECK(start(without) == Verdict::is_signed);
    CHECK(start(text("keep", "")) == Verdict::unguarded);
}

TEST_CASE_METHOD(Box, "a lost copy is no first start", "[loosening]") {
    start(guarded("pseudonym"));
    std::filesystem::remove_all(directory.file("policy"));
    CHECK(verdict(guarded("keep")) == Verdict::not_signed);
    CHECK_FALSE(judgement.is_compared);
    CHECK(verdict(guarded("pseudonym")) == Verdict::not_signed);
    CHECK(verdict(text("keep", "")) == Verdict::not_signed);
    CHECK(verdict(text("keep", other.public_key)) == Verdict::not_signed);
    // Nor is one without what is beside the keys, while there is a buffer.
    std::filesystem::remove(directory.file("keys/loosening.pub"));
    CHECK(verdict(guarded("keep")) == Verdict::not_signed);
    sign(guarded("keep"), city);
    CHECK(start(guarded("keep")) == Verdict::is_signed);
    CHECK(start(guarded("pseudonym")) == Verdict::not_looser);
}

TEST_CASE_METHOD(Box, "a copy that was emptied or changed is no way around", "[loosening]") {
    start(guarded("pseudonym"));
    for (const auto& copy : {std::string{}, std::string{"not = toml ="}, text("keep", "")}) {
        directory.write("policy/last.toml", copy);
        CHECK(verdict(text("pseudonym", "")) == Verdict::not_signed);
        sign(text("pseudonym", ""), city);
        CHECK(verdict(text("pseudonym", "")) == Verdict::is_signed);
        std::filesystem::remove(directory.file("passerelle.toml.sig"));
    }
}

TEST_CASE(
    "a signature that came with the text is taken for the one beside the file", "[loosening]"
) {
    Box box;
    REQUIRE(box.start(box.guarded("pseudonym")) == Verdict::first);
    const std::string looser = box.guarded("keep");
    const auto loaded = settings::load_text(looser, box.file);
    REQUIRE(loaded.settings);
    const Guard guard(*loaded.settings);
    const auto judge = [&](const std::optional<std::string>& signature) {
        return guard.judge({*loaded.settings, looser, box.file, signature}).verdict;
    };
    const auto right = sign(box.city.private_key, looser);
    CHECK(judge(right) == Verdict::is_signed);
    CHECK(judge("") == Verdict::not_signed);
    box.sign(looser, box.city);
    CHECK(judge(std::nullopt) == Verdict::is_signed);
    CHECK(judge("") == Verdict::not_signed);
    CHECK(judge(sign(box.other.private_key, looser)) == Verdict::wrong_signature);
}
