#include "gateway/subject/consent_file.hpp"

#include "tests/support/short_files.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <vector>

using namespace gateway::subject;
using gateway::anonymise::Key;
using gateway::model::Instant;

namespace {

const Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

Key key_of(unsigned char byte) {
    Key key;
    key.bytes()[0] = byte;
    return key;
}

class ConsentFileFixture {
  public:
    std::unique_ptr<ConsentFile> open() {
        found.clear();
        REQUIRE(ConsentFile::prepare(path, directory.file("keys")));
        auto opened =
            ConsentFile::open(path, key, [&](const Entry& entry) { found.push_back(entry); });
        REQUIRE(opened);
        return std::move(*opened);
    }

    bool opens() {
        return ConsentFile::open(path, key, [](const Entry&) {}).has_value();
    }

    Entry entry(Act act, const std::string& device) const {
        const Hasher hasher(key);
        return {act, kNow, "water", "device", hasher.who("water", "device", device), "form 7"};
    }

    tests::support::TemporaryDirectory directory;
    std::string path = directory.file("consents.jsonl");
    Key key = key_of(1);
    std::vector<Entry> found;
};

}  // namespace

TEST_CASE_METHOD(
    ConsentFileFixture, "the ledger keeps what was entered, and no name", "[consent]"
) {
    {
        auto file = open();
        CHECK(*file->append(entry(Act::grant, "meter-of-benali")));
        CHECK(*file->append(entry(Act::revoke, "meter-of-benali")));
        std::size_t listed = 0;
        REQUIRE(file->each([&](const Entry&) { ++listed; }));
        CHECK(listed == 2);
    }
    auto file = open();
    REQUIRE(found.size() == 2);
    CHECK(found[0].act == Act::grant);
    CHECK(found[1].act == Act::revoke);
    CHECK(found[0].at == kNow);
    CHECK(found[0].who == found[1].who);
    CHECK(found[0].reference == "form 7");
    CHECK(tests::support::read_file(path).find("benali") == std::string::npos);
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE_METHOD(ConsentFileFixture, "what a power cut left of a line is cut off", "[consent]") {
    auto file = open();
    REQUIRE(*file->append(entry(Act::grant, "m-1")));
    const std::string whole = tests::support::read_file(path);
    REQUIRE(*file->append(entry(Act::grant, "m-2")));
    const std::string both = tests::support::read_file(path);
    file.reset();
    for (std::size_t size = whole.size(); size < both.size(); ++size) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << both.substr(0, size);
        open();
        CHECK(found.size() == 1);
        CHECK(tests::support::read_file(path) == whole);
    }
    auto again = open();
    REQUIRE(*again->append(entry(Act::grant, "m-3")));
    again.reset();
    open();
    CHECK(found.size() == 2);
}

TEST_CASE_METHOD(ConsentFileFixture, "a ledger that was changed is not believed", "[consent]") {
    {
        auto file = open();
        for (const char* device : {"m-1", "m-2", "m-3"})
            REQUIRE(*file->append(entry(Act::grant, device)));
    }
    std::string content = tests::support::read_file(path);
    const auto line = content.find('\n') + 1;
    SECTION("a word of it") {
        content.replace(content.find("grant"), 5, "lift!");
    }
    SECTION("a line is missing") {
        content.erase(0, line);
    }
    SECTION("a line stands twice") {
        content.insert(0, content.substr(0, line));
    }
    SECTION("a word of the last line") {
        content.replace(content.rfind("form 7"), 6, "form 8");
    }
    SECTION("the seal of the last line") {
        char& digit = content[content.size() - 4];
        digit = digit == '0' ? '1' : '0';
    }
    SECTION("another key") {
        key = key_of(2);
    }
    SECTION("another key, and one line") {
        key = key_of(2);
        content.resize(line);
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    CHECK_FALSE(opens());
}

TEST_CASE_METHOD(ConsentFileFixture, "an end whose blocks were never written is cut off") {
    auto file = open();
    REQUIRE(*file->append(entry(Act::grant, "m-1")));
    const std::string whole = tests::support::read_file(path);
    REQUIRE(*file->append(entry(Act::grant, "m-2")));
    std::string content = tests::support::read_file(path);
    file.reset();
    SECTION("in the middle") {
        content[whole.size() + 20] = '\0';
    }
    SECTION("all but its newline") {
        content.replace(whole.size(), content.size() - whole.size() - 1, 100, '\0');
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    open();
    CHECK(found.size() == 1);
    CHECK(tests::support::read_file(path) == whole);
}

TEST_CASE_METHOD(ConsentFileFixture, "an entry that found no room leaves nothing behind") {
    auto file = open();
    REQUIRE(*file->append(entry(Act::grant, "m-1")));
    const std::string whole = tests::support::read_file(path);
    boost::system::error_code failure;
    {
        const tests::support::ShortFiles limit(whole.size() + 30);
        errno = 0;
        failure = file->append(entry(Act::grant, "m-2")).error();
    }
    CHECK(failure.value() == ENOSPC);
    CHECK(tests::support::read_file(path) == whole);
    REQUIRE(*file->append(entry(Act::grant, "m-3")));
    file.reset();
    open();
    CHECK(found.size() == 2);
}

TEST_CASE_METHOD(ConsentFileFixture, "a ledger that was removed is missed", "[consent]") {
    const gateway::anonymise::KeyWrap wrapping{key_of(3)};
    const auto* wrap = GENERATE(true, false) ? &wrapping : nullptr;
    CHECK(ConsentFile::prepare(path, directory.file("keys")));
    gateway::anonymise::KeyDirectory keys(directory.file("keys"), wrap);
    REQUIRE(keys.key(Hasher::kKeyName));
    CHECK(ConsentFile::prepare(path, directory.file("keys")));
    std::filesystem::remove(path);
    CHECK_FALSE(ConsentFile::prepare(path, directory.file("keys")));
}

TEST_CASE("a person has another hash in every dataset and field", "[consent]") {
    const Key key = key_of(1);
    const Hasher hasher(key);
    const Who who = hasher.who("water", "device", "m-1");
    CHECK(who == hasher.who("water", "device", "m-1"));
    CHECK(who != hasher.who("power", "device", "m-1"));
    CHECK(who != hasher.who("water", "phone", "m-1"));
    CHECK(parse_who(to_hex(who)) == who);
    CHECK_FALSE(parse_who("12"));
}
