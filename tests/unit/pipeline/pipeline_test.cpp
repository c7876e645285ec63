#include "tests/unit/pipeline/pipeline_fixture.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace tests::pipeline;
using model::Refusal;

TEST_CASE_METHOD(PipelineFixture, "a repetition is acknowledged and not stored", "[pipeline]") {
    CHECK(fate_of(frame("m-1", {1, 2})) == "stored 2, refused 0");
    CHECK(fate_of(frame("m-1", {1, 2})) == "stored 0, refused 2");
    CHECK(fate_of(frame("m-1", {2, 3})) == "stored 1, refused 1");
    CHECK(outbox->ledger().stored == 3);
    CHECK(pipeline->figures({}).stored == 3);
    CHECK(pipeline->figures({}).refused == 3);
}

TEST_CASE_METHOD(
    PipelineFixture, "a pipeline that has forgotten its frames goes on as before", "[pipeline]"
) {
    CHECK(fate_of(frame("m-1", {1, 2})) == "stored 2, refused 0");
    pipeline->forget_frames();
    pipeline->forget_frames();
    CHECK(fate_of(frame("m-1", {2, 3})) == "stored 1, refused 1");
    CHECK(fate_of(frame_of("m-1", "up", {"m-1"})) == "stored 1, refused 0");
}

// The commit of the first frame fails while that of its repetition is still to come, and succeeds.
TEST_CASE_METHOD(
    PipelineFixture, "a repetition of what could not be stored is not acknowledged", "[pipeline]"
) {
    plan->writes_refused = 1;
    close_gate();
    const auto first = send(frame("m-1", {1}));
    io.poll();
    const auto other = send(frame("m-2", {5}));
    const auto again = send(frame("m-1", {1}));
    const auto in_part = send(frame("m-1", {1, 2}));
    io.poll();
    gate->set_value();
    while (!in_part->is_known()) io.run_one();
    CHECK(first->text == "buffer-full");
    CHECK(other->text == "stored 1, refused 0");
    CHECK(again->text == "store-failed");
    CHECK(in_part->text == "store-failed");
    CHECK(fate_of(frame("m-1", {1})) == "stored 1, refused 0");
    CHECK(pipeline->frames_in_flight() == 0);
}

TEST_CASE_METHOD(
    PipelineFixture, "one reading a day is stored, and all acknowledged", "[pipeline]"
) {
    CHECK(fate_of(daily_frame({1, 2, 3})) == "stored 1, refused 2");
    CHECK(fate_of(daily_frame({4})) == "stored 0, refused 1");
    CHECK(fate_of(daily_frame({4})) == "stored 0, refused 1");
    CHECK(fate_of(daily_frame({1})) == "stored 0, refused 1");
    CHECK(fate_of(frame("m-2", {1})) == "stored 1, refused 0");  // counted with the next commit
    const auto& refused = outbox->ledger().refused;
    CHECK(refused[static_cast<std::size_t>(model::Refusal::step_taken)] == 3);
    CHECK(refused[static_cast<std::size_t>(model::Refusal::duplicate)] == 2);
    CHECK(outbox->ledger().stored == 2);
}

TEST_CASE_METHOD(
    PipelineFixture, "what a lost reading kept out is not acknowledged", "[pipeline]"
) {
    plan->writes_refused = 1;
    close_gate();
    const auto first = send(daily_frame({1}));
    io.poll();
    const auto other = send(frame("m-2", {5}));
    const auto second = send(daily_frame({2}));
    io.poll();
    gate->set_value();
    while (!second->is_known()) io.run_one();
    CHECK(first->text == "buffer-full");
    CHECK(other->text == "stored 1, refused 0");
    CHECK(second->text == "store-failed");
    CHECK(fate_of(daily_frame({2})) == "stored 1, refused 0");
    CHECK(fate_of(daily_frame({1})) == "stored 0, refused 1");
}

TEST_CASE_METHOD(
    PipelineFixture, "what a dataset's rules refuse stays refused when it comes again", "[pipeline]"
) {
    CHECK(fate_of(frame("m\x01", {1})) == "unknown-device");
    CHECK(fate_of(frame("m\x01", {1})) == "unknown-device");
    CHECK(outbox->ledger().stored == 0);
}

TEST_CASE_METHOD(
    PipelineFixture, "a frame that holds no reading is acknowledged, even the first", "[pipeline]"
) {
    const std::string join = R"({"deviceInfo":{"devEui":"0102030405060708"}})";
    const model::Frame sent(model::SourceId{1}, "application/7/event/join", "", join, kNow);
    CHECK(fate_of(sent) == "stored 0, refused 0");
    CHECK(fate_of(frame("m-1", {1})) == "stored 1, refused 0");
    CHECK(fate_of(sent) == "stored 0, refused 0");
}

TEST_CASE_METHOD(PipelineFixture, "what a driver refuses is in the ledger too", "[pipeline]") {
    pipeline->count_refused(model::SourceId{1}, Refusal::too_large);
    CHECK(pipeline->figures(model::SourceId{1}).frames == 1);
    CHECK(pipeline->figures(model::SourceId{1}).refused == 1);
    CHECK(fate_of(frame("m-1", {1})) == "stored 1, refused 0");
    CHECK(outbox->ledger().refused[static_cast<std::size_t>(Refusal::too_large)] == 1);
    CHECK(outbox->ledger().received() == 2);
}

TEST_CASE_METHOD(PipelineFixture, "a peer speaks for the device of its name alone", "[pipeline]") {
    CHECK(fate_of(frame_of("m-1", "water/m-1", {"", "m-1"})) == "stored 2, refused 0");
    CHECK(fate_of(frame_of("m-1", "up", {""})) == "stored 1, refused 0");
    CHECK(fate_of(frame_of("m-1", "water/m-1", {"m-2"})) == "not-authorised");
    CHECK(fate_of(frame_of("m-1", "water/m-2", {""})) == "not-authorised");
    CHECK(fate_of(frame_of("m-1", "up", {"M-1"})) == "not-authorised");
    CHECK(fate_of(frame_of("m-1", "up", {"m-1", "m-2"})) == "stored 1, refused 1");
    CHECK(outbox->ledger().refused[static_cast<std::size_t>(Refusal::not_authorised)] == 4);
    CHECK(fate_of(frame_of("", "water/m-1", {"m-2"})) == "stored 1, refused 0");
}

TEST_CASE_METHOD(
    PipelineFixture, "a peer that may speak for others names any device", "[pipeline]"
) {
    auto sent = frame_of("roof-1", "up", {"m-1", "m-2"});
    sent.speaks_for_others = true;
    CHECK(fate_of(std::move(sent)) == "stored 2, refused 0");
}

TEST_CASE_METHOD(
    PipelineFixture, "what a person does not let be stored is refused and counted", "[pipeline]"
) {
    const anonymise::Key key;
    const subject::Hasher hasher(key);
    subject::Gate person_gate(settings, key);
    pipeline->ask_at(person_gate);
    person_gate.apply(
        {subject::Act::restrict, {}, "water", "device", hasher.who("water", "device", "m-1"), ""}
    );
    CHECK(fate_of(frame("m-1", {1})) == "restricted");
    CHECK(fate_of(frame("m-2", {1})) == "stored 1, refused 0");
    CHECK(outbox->ledger().refused[static_cast<std::size_t>(Refusal::restricted)] == 1);
    CHECK(outbox->ledger().stored == 1);
}

namespace {

// What was handed over, and what it was refused for.
class KeptRejects final : public quarantine::Rejects {
  public:
    void hold(model::Frame frame, std::string_view source, Refusal cause) override {
        sources.emplace_back(source);
        kept.push_back(std::string(model::to_string(cause)) + ' ' + frame.topic);
        payloads.push_back(std::move(frame.payload));
    }
    std::vector<std::string> kept;
    std::vector<std::string> sources;
    std::vector<std::string> payloads;
};

}  // namespace

TEST_CASE_METHOD(PipelineFixture, "what is refused for good goes to the quarantine", "[pipeline]") {
    KeptRejects rejects;
    pipeline->keep_rejects(rejects);
    CHECK(fate_of(frame("m-1", {1})) == "stored 1, refused 0");
    CHECK(fate_of(frame("m-1", {1})) == "stored 0, refused 1");  // a repetition
    CHECK(rejects.kept.empty());
    CHECK(fate_of({{}, "water/m-1", "", "{broken", kNow}) == "truncated");
    CHECK(fate_of({{}, "gas/m-1", "", "{}", kNow}) == "unknown-topic");
    // One bad reading among good ones: the whole frame, once, for its first cause.
    CHECK(fate_of(frame("m-2", {5, -1, -2})) == "stored 1, refused 2");
    CHECK(fate_of(frame_of("m-1", "water/m-2", {""})) == "not-authorised");
    const std::vector<std::string> expected{
        "truncated water/m-1",
        "unknown-topic gas/m-1",
        "implausible-value water/m-2",
        "not-authorised water/m-2"};
    CHECK(rejects.kept == expected);
    CHECK(rejects.payloads.front() == "{broken");
}

TEST_CASE_METHOD(
    PipelineFixture, "the quarantine knows a source that came while the gateway ran", "[pipeline]"
) {
    KeptRejects rejects;
    pipeline->keep_rejects(rejects);
    auto source = settings.sources.front();
    source.name = "more meters";
    const auto added = pipeline->add_source(source, settings);
    CHECK(fate_of({added, "water/m-1", "", "{broken", kNow}) == "truncated");
    CHECK(fate_of({{}, "water/m-1", "", "{broken", kNow}) == "truncated");
    CHECK(rejects.sources == std::vector<std::string>{"more meters", "meters"});
}

TEST_CASE_METHOD(PipelineFixture, "what comes again is not kept as well", "[pipeline]") {
    KeptRejects rejects;
    pipeline->keep_rejects(rejects);
    pipeline->close();
    CHECK(fate_of({{}, "water/m-1", "", "{broken", kNow}) == "stopping");
    CHECK(rejects.kept.empty());
}
