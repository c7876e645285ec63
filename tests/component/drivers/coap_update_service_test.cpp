#include "drivers/coap/update_service.hpp"
#include "tests/component/drivers/scripted_depot.hpp"
#include "tests/support/awaited.hpp"

#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>
#include <passerelle/v1/node.pb.h>

using namespace drivers::coap;
using gateway::firmware::Depot;
using tests::drivers::image_of;
using tests::drivers::ScriptedDepot;
using tests::support::awaited;

namespace {

Request request_of(Code method, const std::string& path) {
    Request request;
    request.identity = "air-07";
    request.code = static_cast<std::uint8_t>(method);
    request.path = path;
    return request;
}

Request introduction() {
    Request request = request_of(Code::get, "firmware/offer");
    request.queries = {"vendor=acme", "class=meter", "bytes=65536"};
    return request;
}

Request block_request(std::uint32_t number, std::uint8_t size_exponent) {
    Request request = request_of(Code::get, "firmware/image/7");
    request.block2 = Block{number, false, size_exponent};
    return request;
}

struct Fixture {
    Answer ask(const Request& request) {
        auto question = understand_update(request);
        if (const auto* refused = std::get_if<Answer>(&question)) return *refused;
        return awaited(io, service.answer(request, std::move(question)));
    }

    boost::asio::io_context io;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work =
        boost::asio::make_work_guard(io);
    ScriptedDepot depot{io.get_executor()};
    UpdateService service{depot, "air"};
};

}  // namespace

TEST_CASE_METHOD(Fixture, "an offer has a tag, by which it is known again", "[coap][update]") {
    CHECK(ask(introduction()).code == Code::not_found);
    depot.stock(7, image_of(100));
    const Answer first = ask(introduction());
    CHECK(first.code == Code::content);
    CHECK(first.payload == "signed manifest 7");
    CHECK(first.content_format == 42);
    CHECK(first.max_age == std::chrono::seconds{60});
    CHECK(first.etag.size() == 8);
    CHECK_FALSE(first.block2);

    Request again = introduction();
    again.etags = {"another", first.etag};
    const Answer valid = ask(again);
    CHECK(valid.code == Code::valid);
    CHECK(valid.payload.empty());
    CHECK(valid.etag == first.etag);
    CHECK(valid.max_age == std::chrono::seconds{60});

    // The same image under another manifest is another offer.
    depot.offer->signed_manifest += ", signed later";
    const Answer other = ask(again);
    CHECK(other.code == Code::content);
    CHECK(other.etag != first.etag);
}

TEST_CASE_METHOD(Fixture, "the blocks of an image have one tag and its size", "[coap][update]") {
    const auto image = image_of(2500);
    depot.stock(7, image);
    ask(introduction());
    const auto size_exponent = GENERATE(std::uint8_t{0}, std::uint8_t{2}, std::uint8_t{6});
    std::string received;
    bool has_more = true;
    for (std::uint32_t number = 0; has_more; ++number) {
        const Answer answer = ask(block_request(number, size_exponent));
        REQUIRE(answer.code == Code::content);
        REQUIRE(answer.block2);
        CHECK(answer.block2->number == number);
        CHECK(answer.block2->size_exponent == size_exponent);
        CHECK(answer.etag == depot.offer->etag);
        CHECK(answer.size2 == 2500U);
        CHECK(answer.content_format == 42);
        received += answer.payload;
        has_more = answer.block2->more;
    }
    const bool is_whole = received == image;
    CHECK(is_whole);
    CHECK(ask(block_request(2500, size_exponent)).code == Code::bad_request);
    CHECK(ask(block_request(0xfffffff, size_exponent)).code == Code::bad_request);
    CHECK(ask(block_request(0, 7)).code == Code::bad_request);
    CHECK(ask(request_of(Code::get, "firmware/image/7")).payload == image.substr(0, 1024));
}

TEST_CASE_METHOD(Fixture, "settings have no image and leave that of a firmware", "[coap][update]") {
    depot.stock(7, image_of(100));
    ask(introduction());
    depot.offer->is_settings = true;
    depot.offer->update = 9;
    CHECK(ask(introduction()).code == Code::content);
    CHECK(ask(request_of(Code::get, "firmware/image/9")).code == Code::not_found);
    depot.offer->is_settings = false;
    depot.offer->update = 7;
    CHECK(ask(request_of(Code::get, "firmware/image/7")).code == Code::content);
}

TEST_CASE_METHOD(Fixture, "a device is answered so many questions at a time", "[coap][update]") {
    depot.stock(7, image_of(100));
    depot.hold();
    const Request request = introduction();
    for (unsigned i = 0; i < UpdateService::kQuestionsMax; ++i) {
        CHECK_FALSE(service.is_full_for("air-07"));
        auto task = service.answer(request, understand_update(request));
        boost::asio::co_spawn(io, std::move(task), boost::asio::detached);
        io.poll();
    }
    CHECK(service.is_full_for("air-07"));
    CHECK_FALSE(service.is_full_for("air-08"));
    depot.release();
    io.poll();
    CHECK_FALSE(service.is_full_for("air-07"));
}

TEST_CASE_METHOD(Fixture, "a state that is not on the disk is asked for again", "[coap][update]") {
    passerelle::v1::NodeUpdateState state;
    state.set_update(7);
    Request request = request_of(Code::post, "firmware/state");
    request.payload = state.SerializeAsString();
    depot.fails = true;
    const Answer later = ask(request);
    CHECK(later.code == Code::service_unavailable);
    CHECK(later.max_age == std::chrono::seconds{60});
    depot.fails = false;
    CHECK(ask(request).code == Code::changed);
    CHECK(depot.reported.size() == 1);
}

TEST_CASE_METHOD(Fixture, "what is too fast is told how long to wait", "[coap][update]") {
    depot.stock(7, image_of(100));
    ask(introduction());
    depot.no_piece = Depot::NoPiece::rate;
    const Answer answer = ask(block_request(0, 6));
    CHECK(answer.code == Code::too_many_requests);
    CHECK(answer.max_age == std::chrono::seconds{1});
}

TEST_CASE_METHOD(Fixture, "what cannot be read is told to come again", "[coap][update]") {
    depot.stock(7, image_of(100));
    ask(introduction());
    depot.no_piece = Depot::NoPiece::disk;
    const Answer answer = ask(block_request(0, 6));
    CHECK(answer.code == Code::service_unavailable);
    CHECK(answer.max_age == std::chrono::seconds{60});
    CHECK(ask(block_request(0, 6)).code == Code::content);
}

TEST_CASE(
    "who asks for updates must be known, and a method and a path be right", "[coap][update]"
) {
    Request request = introduction();
    Code expected{};
    SECTION("not over DTLS") {
        request.identity.clear();
        expected = Code::unauthorized;
    }
    SECTION("under a key that is gone") {
        request.has_valid_key = false;
        expected = Code::unauthorized;
    }
    SECTION("a slash in a segment") {
        request.has_valid_path = false;
        expected = Code::bad_request;
    }
    SECTION("POST of an offer") {
        request.code = static_cast<std::uint8_t>(Code::post);
        expected = Code::method_not_allowed;
    }
    SECTION("a state in blocks") {
        request = request_of(Code::post, "firmware/state");
        request.block1 = Block{0, true, 6};
        expected = Code::bad_option;
    }
    SECTION("too many queries") {
        request.queries.resize(7, "settings=1");
        expected = Code::bad_request;
    }
    const auto question = understand_update(request);
    REQUIRE(std::holds_alternative<Answer>(question));
    CHECK(std::get<Answer>(question).code == expected);
}
