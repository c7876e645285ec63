// The power goes, or the disk fails, in every call that a rollout makes of the disk.
#include "gateway/rollout/history.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <map>

using namespace gateway;
using namespace gateway::rollout;

namespace {

const std::string kFile = "/etc/passerelle.toml";

struct PowerCut {};

// A disk in memory. In the n-th call that changes something the power goes, before the change or
// after it, or the call fails, once or from then on.
class FailingFiles final : public Files {
  public:
    enum class How { cut_before, cut_after, fail_once, fail_always };

    model::Result<void> replace(const std::string& path, std::string_view content) override {
        if (fails()) return make_error_code(boost::system::errc::no_space_on_device);
        files[path] = content;
        after();
        return {};
    }
    model::Result<std::string> read(const std::string& path) const override {
        const auto found = files.find(path);
        if (found == files.end())
            return make_error_code(boost::system::errc::no_such_file_or_directory);
        return found->second;
    }
    void remove(const std::string& path) override {
        if (fails()) return;
        files.erase(path);
        after();
    }
    std::vector<std::string> names(const std::string& directory) const override {
        std::vector<std::string> names;
        for (const auto& [path, content] : files) {
            if (path.starts_with(directory + '/'))
                names.push_back(path.substr(directory.size() + 1));
        }
        return names;
    }

    void fail_in(int call, How how) {
        left_ = call;
        how_ = how;
    }
    void heal() { left_ = kNever; }
    bool was_reached() const { return left_ <= 0; }

    std::map<std::string, std::string> files;

  private:
    static constexpr int kNever = 1'000'000;

    bool fails() {
        --left_;
        if (how_ == How::cut_before && left_ == 0) throw PowerCut{};
        return (how_ == How::fail_once && left_ == 0) || (how_ == How::fail_always && left_ <= 0);
    }
    void after() const {
        if (how_ == How::cut_after && left_ == 0) throw PowerCut{};
    }

    int left_ = kNever;
    How how_ = How::cut_before;
};

// One technician's evening: "A" is in force, "B" goes on trial and is confirmed or fails.
class Evening {
  public:
    // `in_place`: the technician has written "B" into the configuration file itself.
    Evening(bool in_place, bool is_confirmed) : is_confirmed_(is_confirmed) {
        History history = loaded();
        REQUIRE(history.adopt({"A", "of A"}, {}));
        files.files[kFile] = in_place ? "B" : "A";
    }

    History loaded() {
        History history("/state", files);
        history.load();
        return history;
    }

    std::string file() const { return files.files.at(kFile); }

    void run() {
        History history = loaded();
        if (!history.begin_trial({"B", "of B"}, {})) return;
        is_on_trial = true;
        if (!is_confirmed_) {
            static_cast<void>(history.fail_trial("silent", file()));
            return;
        }
        is_confirming = true;
        if (!history.confirm_trial(file())) {
            static_cast<void>(history.fail_trial("silent", file()));
            return;
        }
        is_good = true;
        static_cast<void>(files.replace(kFile, "B"));  // what the command does
    }

    // What runs after a start.
    std::string started() {
        History history = loaded();
        const auto runs = history.start(file(), "cut");
        CHECK_FALSE(history.record().trial);
        for (const auto& version : history.record().good) {
            const auto text = history.read(version.number);
            REQUIRE(text);
            CHECK(digest_of(text->text) == version.digest);
            CHECK(text->signature == "of " + text->text);
        }
        if (runs == Start::Runs::file) return file();
        return history.read(history.record().good.back().number)->text;
    }

    FailingFiles files;
    bool is_on_trial = false;
    bool is_confirming = false;
    bool is_good = false;

  private:
    bool is_confirmed_;
};

// Every call of an evening fails in turn; how many there were.
int sweep(FailingFiles::How how, bool in_place, bool is_confirmed) {
    for (int call = 1;; ++call) {
        INFO("call " << call);
        Evening evening(in_place, is_confirmed);
        evening.files.fail_in(call, how);
        try {
            evening.run();
        } catch (const PowerCut&) {
        }
        const bool was_reached = evening.files.was_reached();
        evening.files.heal();
        const std::string runs = evening.started();
        if (evening.is_good) {
            CHECK(runs == "B");
        } else if (!evening.is_confirming) {
            // Before the trial began somebody's change of the file is only that.
            CHECK(
                runs == (in_place && !evening.is_on_trial && evening.file() == "B" &&
                                 evening.loaded().record().good.size() == 1 &&
                                 evening.loaded().record().passed_over.empty()
                             ? "B"
                             : "A")
            );
        } else {
            CHECK((runs == "A" || runs == "B"));
        }
        CHECK(evening.started() == runs);  // as often as it is started
        // And life goes on.
        History history = evening.loaded();
        REQUIRE(history.begin_trial({"C", "of C"}, {}));
        REQUIRE(history.confirm_trial(evening.file()));
        CHECK(evening.started() == "C");
        if (!was_reached) return call - 1;
    }
}

}  // namespace

TEST_CASE("whatever call the power goes in, the last good one runs", "[rollout]") {
    using How = FailingFiles::How;
    const auto how = GENERATE(How::cut_before, How::cut_after, How::fail_once, How::fail_always);
    const bool in_place = GENERATE(false, true);
    const bool is_confirmed = GENERATE(false, true);
    INFO("how " << static_cast<int>(how) << " in place " << in_place);
    // The text, its signature, the record, and what ends the trial.
    CHECK(sweep(how, in_place, is_confirmed) >= 4);
}

TEST_CASE("a start whose calls fail decides as the next one does", "[rollout]") {
    using How = FailingFiles::How;
    const auto how = GENERATE(How::cut_before, How::cut_after, How::fail_always);
    for (int call = 1; call < 6; ++call) {
        Evening evening(true, true);
        History history = evening.loaded();
        REQUIRE(history.begin_trial({"B", "of B"}, {}));
        evening.files.fail_in(call, how);
        try {
            const std::string runs = evening.started();
            CHECK(runs == "A");
        } catch (const PowerCut&) {
        }
        evening.files.heal();
        CHECK(evening.started() == "A");
    }
}
