#include "gateway/status/tail.hpp"

#include "tests/unit/pipeline/pipeline_fixture.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace gateway;
using namespace tests::pipeline;
using status::EventStream;
using status::Tail;
using status::TailFilter;

namespace {

namespace json = boost::json;

// A pipeline whose tail can be followed.
class FollowedPipeline : public PipelineFixture {
  public:
    FollowedPipeline() { pipeline->show_to(tail); }

    // What a follower has to show now, an object a line; nothing while it waits.
    std::vector<json::object> lines_of(EventStream& stream) {
        std::shared_ptr<const std::string> piece;
        boost::asio::cancellation_signal leave;
        boost::asio::co_spawn(
            io,
            stream.next(),
            boost::asio::bind_cancellation_slot(
                leave.slot(), [&](std::exception_ptr, auto next) { piece = std::move(next); }
            )
        );
        io.poll();
        leave.emit(boost::asio::cancellation_type::terminal);
        io.poll();
        std::vector<json::object> lines;
        std::string_view text = piece ? std::string_view{*piece} : std::string_view{};
        while (!text.empty()) {
            const std::size_t end = text.find('\n');
            lines.push_back(json::parse({text.data(), end}).as_object());
            text.remove_prefix(end + 1);
        }
        return lines;
    }

    Tail tail{io.get_executor(), clock};
};

std::string text_of(const json::object& line, const char* name) {
    const json::value* value = line.if_contains(name);
    return value == nullptr ? "" : std::string(value->as_string().data());
}

// Of a device nobody can be told what it sent.
model::Frame unreadable(const std::string& device) {
    return {{}, "water/" + device, "", "a secret that is no JSON", kNow};
}

}  // namespace

TEST_CASE_METHOD(FollowedPipeline, "a follower sees a reading as it is stored", "[tail]") {
    const auto stream = tail.follow({});
    REQUIRE(fate_of(frame("m-1", {7})) == "stored 1, refused 0");
    const auto lines = lines_of(*stream);
    REQUIRE(lines.size() == 1);
    CHECK(
        json::serialize(lines[0]) ==
        R"({"event":"stored","source":"meters","dataset":"water","quantity":"water.volume",)"
        R"("device":"m-1","value":7,"unit":"m3","time":"2026-05-01T11:00:00.000Z",)"
        R"("time_quality":"device","attributes":{}})"
    );
    CHECK(lines_of(*stream).empty());
}

TEST_CASE_METHOD(FollowedPipeline, "a reading is shown once it is on the disk", "[tail]") {
    const auto stream = tail.follow({});
    close_gate();
    const auto fate = send(frame("m-1", {7}));
    io.poll();
    CHECK(lines_of(*stream).empty());
    gate->set_value();
    while (!fate->is_known()) io.run_one();
    CHECK(lines_of(*stream).size() == 1);
}

TEST_CASE_METHOD(FollowedPipeline, "what could not be stored is shown as refused", "[tail]") {
    const auto stream = tail.follow({});
    plan->writes_refused = 1;
    CHECK(fate_of(frame("m-1", {7})) == "buffer-full");
    const auto lines = lines_of(*stream);
    REQUIRE(lines.size() == 1);
    CHECK(text_of(lines[0], "event") == "refused");
    CHECK(text_of(lines[0], "cause") == "buffer-full");
}

TEST_CASE_METHOD(FollowedPipeline, "of what is refused only its cause is shown", "[tail]") {
    const auto stream = tail.follow({});
    fate_of(unreadable("meter-of-somebody"));
    const auto lines = lines_of(*stream);
    REQUIRE(lines.size() == 1);
    CHECK(
        json::serialize(lines[0]) ==
        R"({"event":"refused","source":"meters","dataset":"water","cause":"not-this-format",)"
        R"("readings":1,"time":"2026-05-01T12:00:00.000Z"})"
    );
}

TEST_CASE_METHOD(FollowedPipeline, "a person's decision is not shown", "[tail]") {
    const auto stream = tail.follow({});
    for (const auto cause : {model::Refusal::restricted, model::Refusal::no_consent})
        pipeline->count_refused({}, cause);
    CHECK(lines_of(*stream).empty());
    pipeline->count_refused({}, model::Refusal::too_large);
    CHECK(lines_of(*stream).size() == 1);
}

TEST_CASE_METHOD(
    FollowedPipeline, "the moment tells no more than a dataset's coarse times", "[tail]"
) {
    const auto all = tail.follow({});
    const auto of_device = tail.follow({"", "m-1", false});
    REQUIRE(fate_of(daily_frame({7})) == "stored 1, refused 0");
    const auto lines = lines_of(*all);
    REQUIRE(lines.size() == 1);
    CHECK(
        json::serialize(lines[0]) ==
        R"({"event":"stored","source":"homes","dataset":"daily","quantity":"water.volume"})"
    );
    CHECK(lines_of(*of_device).empty());
}

TEST_CASE_METHOD(FollowedPipeline, "a follower gets what it asked for", "[tail]") {
    const auto of_daily = tail.follow({"daily", "", false});
    const auto of_device = tail.follow({"", "m-2", false});
    const auto refused = tail.follow({"", "", true});
    const auto refused_daily = tail.follow({"daily", "", true});
    fate_of(frame("m-1", {1}));
    fate_of(frame("m-2", {2}));
    fate_of(daily_frame({3}));
    fate_of(unreadable("m-2"));
    CHECK(lines_of(*of_daily).size() == 1);
    const auto lines = lines_of(*of_device);
    REQUIRE(lines.size() == 1);
    CHECK(text_of(lines[0], "device") == "m-2");
    CHECK(lines_of(*refused).size() == 1);
    CHECK(lines_of(*refused_daily).empty());
}

TEST_CASE_METHOD(FollowedPipeline, "who takes nothing is told how much it has missed", "[tail]") {
    const auto slow = tail.follow({});
    const auto quick = tail.follow({});
    constexpr int kFrames = 3000;
    std::size_t shown = 0;
    for (int i = 0; i < kFrames; ++i) {
        REQUIRE(fate_of(frame("m-1", {i})) == "stored 1, refused 0");
        shown += lines_of(*quick).size();
    }
    CHECK(shown == kFrames);
    const auto lines = lines_of(*slow);
    std::size_t bytes = 0;
    for (const auto& line : lines) bytes += json::serialize(line).size();
    CHECK(bytes <= Tail::kWaitingBytesMax);
    REQUIRE(lines.size() > 100);
    CHECK(text_of(lines.back(), "event") == "missed");
    CHECK(lines.back().at("lines").to_number<std::size_t>() == kFrames - (lines.size() - 1));
    fate_of(frame("m-1", {kFrames}));
    const auto after = lines_of(*slow);
    REQUIRE(after.size() == 1);
    CHECK(text_of(after[0], "event") == "stored");
}

TEST_CASE_METHOD(FollowedPipeline, "there are only so many followers", "[tail]") {
    std::vector<std::shared_ptr<EventStream>> streams;
    for (std::size_t i = 0; i < Tail::kFollowersMax; ++i) streams.push_back(tail.follow({}));
    CHECK(tail.is_followed());
    CHECK(tail.follow({}) == nullptr);
    streams.pop_back();
    CHECK(tail.follow({}) != nullptr);
    streams.clear();
    CHECK_FALSE(tail.is_followed());
}
