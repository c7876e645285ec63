#include "gateway/reconfiguration.hpp"

#include "gateway/observe/memory_log.hpp"
#include "gateway/settings/loader.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <filesystem>
#include <future>
#include <optional>
#include <thread>
#include <utility>

using namespace gateway;
using rollout::History;

namespace {

// A disk that takes until it is released.
class SlowFiles final : public rollout::Files {
  public:
    model::Result<void> replace(const std::string& path, std::string_view content) override {
        if (is_slow) {
            began.set_value();
            released.get_future().wait();
            is_slow = false;
        }
        auto done = disk_.replace(path, content);
        writes += 1;
        return done;
    }
    model::Result<std::string> read(const std::string& path) const override {
        return disk_.read(path);
    }
    void remove(const std::string& path) override { disk_.remove(path); }
    std::vector<std::string> names(const std::string& directory) const override {
        return disk_.names(directory);
    }
    bool is_slow = false;
    std::promise<void> began;
    std::promise<void> released;
    std::atomic<int> writes = 0;

  private:
    rollout::DiskFiles disk_;
};

// A gateway that runs configuration "good", without anything that runs.
class RunningConfiguration {
  public:
    // `record`: what is there of an earlier run; empty: nothing.
    explicit RunningConfiguration(const std::string& record = {}) {
        if (!record.empty()) {
            std::filesystem::create_directory(directory.file("configurations"));
            directory.write("configurations/record.json", record);
        }
        History history(History::directory_in(directory.path().string()), disk);
        history.load();
        const std::string text = text_of("good");
        changes.emplace(
            Reconfiguration::Beginning{
                directory.write("passerelle.toml", text),
                std::make_shared<const Configuration>(Configuration{
                    {text, {}}, *settings::load_text(text, "passerelle.toml").settings}),
                std::move(history)},
            boot_,
            log
        );
        changes->has_opened();
    }

    std::string text_of(const std::string& city) const {
        return "[gateway]\nid = \"box\"\ncity = \"" + city + "\"\nstate_directory = \"" +
               directory.path().string() + "\"\n[status]\nsocket = \"" + directory.file("socket") +
               "\"\n";
    }

    // What the coroutine answers.
    Reconfiguration::Answer answer(boost::asio::awaitable<Reconfiguration::Answer> asked) {
        std::optional<Reconfiguration::Answer> answer;
        boost::asio::io_context reactor;
        boost::asio::co_spawn(
            reactor,
            std::move(asked),
            [&](const std::exception_ptr& failure, Reconfiguration::Answer answered) {
                REQUIRE_FALSE(failure);
                answer = std::move(answered);
            }
        );
        reactor.run();
        REQUIRE(answer);
        return std::move(*answer);
    }

    Reconfiguration::Answer apply(const std::string& text) {
        rollout::ApplyRequest request;
        request.text = text;
        request.confirm_within_s = 60;
        return answer(changes->apply(std::move(request), {}));
    }

    tests::support::TemporaryDirectory directory;
    SlowFiles disk;
    observe::MemoryLog log;
    std::optional<Reconfiguration> changes;

  private:
    runtime::ManualBootClock boot_{"this boot"};
};

}  // namespace

TEST_CASE_METHOD(
    RunningConfiguration,
    "a configuration that cannot open, and is in the file, leaves a file that is behind",
    "[rollout]"
) {
    // The technician has edited the file itself.
    directory.write("passerelle.toml", text_of("wrong"));
    REQUIRE(apply(text_of("wrong")));
    REQUIRE(changes->goes_on(true, {}));
    CHECK(changes->running().settings.gateway.city == "wrong");
    REQUIRE(changes->goes_on(false, "the address is taken"));
    CHECK(changes->running().settings.gateway.city == "good");
    const auto state = changes->state({});
    CHECK(state.file_is_behind);
    REQUIRE(state.record.failure);
    CHECK(state.record.failure->reason == "the address is taken");
}

TEST_CASE_METHOD(RunningConfiguration, "only the trial that is meant is confirmed", "[rollout]") {
    const auto number = apply(text_of("better"));
    REQUIRE(number);
    REQUIRE(changes->goes_on(true, {}));
    changes->has_started({});
    const auto refused = answer(changes->confirm({false, *number + 1}, {}));
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == "other-trial");
    CHECK(changes->state({}).record.trial);
    CHECK(answer(changes->confirm({false, *number}, {})).has_value());
    CHECK_FALSE(changes->state({}).record.trial);
    CHECK(changes->state({}).file_is_behind);
}

TEST_CASE_METHOD(
    RunningConfiguration, "what an App left under way is over before its reactor goes", "[rollout]"
) {
    disk.is_slow = true;
    const int before = disk.writes;
    {
        boost::asio::io_context reactor;
        rollout::ApplyRequest request;
        request.text = text_of("better");
        request.confirm_within_s = 60;
        boost::asio::co_spawn(
            reactor, changes->apply(std::move(request), {}), boost::asio::detached
        );
        // Until it writes: then the App gives up, and nobody runs its reactor any more.
        auto began = disk.began.get_future();
        while (began.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
            reactor.run_for(std::chrono::milliseconds{1});
        std::thread later([&] { disk.released.set_value(); });
        changes->finish_work();
        later.join();
        CHECK(disk.writes >= before + 2);  // the configuration and the record
    }
    // A start finds the trial cut short.
    History history(History::directory_in(directory.path().string()), disk);
    history.load();
    CHECK(history.record().trial);
}

TEST_CASE("a history that is damaged is told, and begins anew", "[rollout]") {
    const RunningConfiguration damaged{"{\"last_number\": 8, \"passed"};
    CHECK(damaged.log.count("configuration-history-lost") == 1);
    CHECK(damaged.changes->state({}).record.good.size() == 1);
    const RunningConfiguration first;
    CHECK(first.log.count("configuration-history-lost") == 0);
}
