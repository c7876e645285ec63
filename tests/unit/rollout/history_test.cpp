#include "gateway/rollout/history.hpp"

#include "tests/support/short_files.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <filesystem>

using namespace gateway::rollout;
using tests::support::ShortFiles;
using tests::support::TemporaryDirectory;

namespace {

class HistoryFixture {
  public:
    History loaded() {
        History history(History::directory_in(directory.path().string()), files);
        history.load();
        return history;
    }

    std::size_t files_kept() const {
        return files.names(History::directory_in(directory.path().string())).size();
    }

    TemporaryDirectory directory;
    DiskFiles files;
};

}  // namespace

TEST_CASE_METHOD(HistoryFixture, "the history keeps the bytes as they were given", "[rollout]") {
    const std::string odd("a = 1\r\n\0 # caf\xe9", 16);
    auto history = loaded();
    REQUIRE(history.adopt({odd, "signature"}, {}));
    REQUIRE(history.begin_trial({"b", {}}, {}));
    const auto again = loaded();
    CHECK(again.record() == history.record());
    CHECK(again.read(1)->text == odd);
    CHECK(again.read(1)->signature == "signature");
    CHECK(again.read(2)->text == "b");
    CHECK(again.read(2)->signature.empty());
    CHECK_FALSE(again.read(3));
    struct stat status {};
    REQUIRE(::stat(history.path_of(1).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE_METHOD(HistoryFixture, "no more is on the disk than the record names", "[rollout]") {
    auto history = loaded();
    REQUIRE(history.adopt({"0", "s"}, {}));
    for (int i = 1; i < 44; ++i) {
        REQUIRE(history.begin_trial({std::to_string(i), {}}, {}));
        const auto ended = i % 2 == 0 ? history.confirm_trial("0") : history.fail_trial("", "0");
        REQUIRE(ended);
    }
    CHECK(history.record().good.size() == Record::kGoodMax);
    CHECK(files_kept() == Record::kGoodMax + 1);
    for (const auto& version : history.record().good)
        CHECK(digest_of(history.read(version.number)->text) == version.digest);
}

TEST_CASE_METHOD(HistoryFixture, "a disk that is full changes nothing", "[rollout]") {
    auto history = loaded();
    REQUIRE(history.adopt({"good", {}}, {}));
    const Record before = history.record();
    const std::string long_text(100'000, '#');
    {
        const ShortFiles full(5000);
        const auto begun = history.begin_trial({long_text, {}}, {});
        REQUIRE_FALSE(begun);
        CHECK(begun.error() == boost::system::errc::no_space_on_device);
    }
    {
        const ShortFiles full(10);  // the text finds room and the record does not
        REQUIRE_FALSE(history.begin_trial({"short", {}}, {}));
    }
    CHECK(history.record() == before);
    auto again = loaded();
    CHECK(again.record() == before);
    CHECK(again.start("good", "cut") == Start::Runs::file);
    CHECK(files_kept() == 2 + 1);  // and the beginning of a record that was not written
    REQUIRE(again.begin_trial({long_text, {}}, {}));
    CHECK(again.record().trial->number == 2);
}

TEST_CASE_METHOD(HistoryFixture, "a trial is over even if nothing can be written", "[rollout]") {
    auto history = loaded();
    REQUIRE(history.adopt({"good", {}}, {}));
    REQUIRE(history.begin_trial({"trial", {}}, {}));
    {
        const ShortFiles full(10);
        REQUIRE_FALSE(history.confirm_trial("good"));
        CHECK(history.record().trial);
        REQUIRE_FALSE(history.fail_trial("silent", "good"));
    }
    CHECK_FALSE(history.record().trial);
    auto again = loaded();
    CHECK(again.record().trial);
    CHECK(again.start("good", "cut") == Start::Runs::file);
    CHECK(again.record().failure->reason == "cut");
}

TEST_CASE_METHOD(HistoryFixture, "a record that cannot be understood is none", "[rollout]") {
    auto history = loaded();
    REQUIRE(history.adopt({"good", {}}, {}));
    directory.write("configurations/record.json", "{");
    auto again = loaded();
    CHECK(again.record() == Record{});
    CHECK(again.start("good", "cut") == Start::Runs::file);
    CHECK(std::filesystem::exists(again.path_of(1)));  // nobody knows what it is
    REQUIRE(again.adopt({"other", {}}, {}));
    CHECK(loaded().read(1)->text == "other");
}
