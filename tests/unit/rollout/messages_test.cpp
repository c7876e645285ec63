#include "gateway/rollout/messages.hpp"

#include <catch2/catch.hpp>

using namespace gateway::rollout;

namespace {

ApplyRequest request() {
    ApplyRequest made;
    made.text = "[gateway]\nid = \"é\\\"\"\n";
    made.signature = "c2ln";
    made.confirm_within_s = 120;
    made.by = "marie";
    made.from = "192.0.2.7";
    made.note = "new.toml";
    return made;
}

}  // namespace

TEST_CASE("what a command asks arrives as it was asked", "[rollout]") {
    const auto arrived = parse_apply_request(to_json(request()));
    REQUIRE(arrived);
    CHECK(arrived->text == request().text);
    CHECK(arrived->signature == "c2ln");
    CHECK(arrived->confirm_within_s == 120);
    CHECK(arrived->by == "marie");
    CHECK(arrived->from == "192.0.2.7");
    CHECK(arrived->note == "new.toml");
    CHECK(parse_confirm_request(to_json(ConfirmRequest{true, 7}))->anyway);
    CHECK(parse_confirm_request(to_json(ConfirmRequest{true, 7}))->number == 7);
    CHECK_FALSE(parse_confirm_request(to_json(ConfirmRequest{false, 7}))->anyway);
}

TEST_CASE("what is no request or beyond a bound is refused", "[rollout]") {
    for (const char* text : {"", "{", "[]", "{}", "{\"text\":1}", "null"}) {
        CHECK_FALSE(parse_apply_request(text));
        CHECK_FALSE(parse_confirm_request(text));
        CHECK_FALSE(parse_state(text));
    }
    for (const std::int64_t seconds : {std::int64_t{0}, std::int64_t{-1}, kConfirmWithinMax + 1}) {
        auto asked = request();
        asked.confirm_within_s = seconds;
        CHECK_FALSE(parse_apply_request(to_json(asked)));
    }
    auto asked = request();
    asked.by = "two\nlines";
    CHECK_FALSE(parse_apply_request(to_json(asked)));
    asked.by = std::string(kNameBytesMax + 1, 'x');
    CHECK_FALSE(parse_apply_request(to_json(asked)));
}

TEST_CASE("a state is read as it was written", "[rollout]") {
    State state;
    state.record = with_adopted({}, {});
    state.file = "/etc/passerelle/passerelle.toml";
    state.file_is_behind = true;
    state.findings = "uplink city has confirmed nothing";
    auto read = parse_state(to_json(state));
    REQUIRE(read);
    CHECK(read->record == state.record);
    CHECK(read->file == state.file);
    CHECK(read->file_is_behind);
    CHECK_FALSE(read->is_changing);
    CHECK_FALSE(read->left_s);
    CHECK(read->findings == state.findings);
    state.left_s = 0;
    CHECK(parse_state(to_json(state))->left_s == 0);
}

TEST_CASE("a refusal has its code and its text, also one from elsewhere", "[rollout]") {
    const auto read = parse_refusal(to_json(Refusal{409, "on-trial", "Marie"}));
    CHECK(read.code == "on-trial");
    CHECK(read.text == "Marie");
    CHECK(parse_refusal("not found\n").text == "not found\n");
    CHECK(parse_refusal("not found\n").code.empty());
}
