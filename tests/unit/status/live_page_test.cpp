#include "gateway/status/live_page.hpp"

#include "tests/unit/status/sample_report.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace gateway;
using status::EventStream;
using status::LivePage;
using Piece = std::shared_ptr<const std::string>;

namespace {

// The sample report without a past, and a page of it.
class Followed final : public status::ReportView {
  public:
    observe::Report report() const override { return report_; }
    observe::DevicesReport devices(const observe::DeviceQuery& /*query*/) const override {
        return {};
    }
    const observe::History& history() const override { return history_; }
    std::string_view notice() const override { return {}; }

    // The version that the document tells.
    std::string open() {
        const std::string document = page.document();
        constexpr std::string_view kName = "data-version=\"";
        const std::size_t begin = document.find(kName) + kName.size();
        return document.substr(begin, document.find('"', begin) - begin);
    }

    // What a stream has to say after a tick; null while it waits.
    Piece next(EventStream& stream) {
        Piece piece;
        boost::asio::co_spawn(reactor, stream.next(), [&](std::exception_ptr, Piece next) {
            piece = std::move(next);
        });
        reactor.restart();
        reactor.poll();
        page.tick();
        reactor.restart();
        reactor.poll();
        return piece;
    }

    observe::Report report_ = tests::status::sample_report();
    const runtime::ManualClock clock{*model::parse_rfc3339("2026-03-01T12:00:00Z")};
    const observe::History history_{clock};
    boost::asio::io_context reactor;
    LivePage page{reactor.get_executor(), *this};
};

bool has(const Piece& piece, std::string_view text) {
    REQUIRE(piece);
    return piece->find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a follower gets the parts that have changed, and no others", "[status]") {
    Followed followed;
    const auto stream = followed.page.follow(followed.open());
    REQUIRE(stream);
    followed.report_.stored += 1;
    const Piece changed = followed.next(*stream);
    CHECK(has(changed, "\"part-ledger\":"));
    CHECK_FALSE(has(changed, "\"part-clock\":"));
    CHECK(has(changed, "\ndata: {\"title\":"));
    CHECK(changed->ends_with("}\n\n"));
    const Piece quiet = followed.next(*stream);
    CHECK(has(quiet, "\"parts\":{}"));
}

TEST_CASE("a problem that goes takes its part of the page with it", "[status]") {
    Followed followed;
    const auto stream = followed.page.follow(followed.open());
    followed.report_.problems.clear();
    const Piece piece = followed.next(*stream);
    CHECK(has(piece, "\"part-problems\":\"\""));
    CHECK(has(piece, "\"part-state\":"));
    CHECK(has(piece, "\"title\":\"✓ "));
}

TEST_CASE("who was away gets everything that changed meanwhile", "[status]") {
    Followed followed;
    const std::string version = followed.open();
    followed.report_.stored += 1;
    followed.page.tick();
    followed.report_.devices += 1;
    followed.page.tick();
    followed.report_.buffer.segments += 1;
    followed.page.tick();
    const auto stream = followed.page.follow(version);
    const Piece piece = followed.next(*stream);
    CHECK(has(piece, "\"part-ledger\":"));
    CHECK(has(piece, "\"part-buffer\":"));
    CHECK_FALSE(has(piece, "\"part-uplinks\":"));
}

TEST_CASE("a page of another run is told to ask for itself again", "[status]") {
    for (const char* version : {"", "7", "12345.1", "x.y"}) {
        Followed followed;
        const auto stream = followed.page.follow(version);
        CHECK(has(followed.next(*stream), "event: renew\n"));
    }
    Followed followed;
    const auto ahead = followed.page.follow(followed.open() + "0");
    CHECK(has(followed.next(*ahead), "event: renew\n"));
}

TEST_CASE("one rendering serves all who follow", "[status]") {
    Followed followed;
    const std::string version = followed.open();
    const auto first = followed.page.follow(version);
    const auto second = followed.page.follow(version);
    followed.report_.stored += 1;
    followed.page.tick();
    std::vector<Piece> pieces;
    for (const auto& stream : {first, second}) {
        boost::asio::co_spawn(
            followed.reactor,
            stream->next(),
            [&](std::exception_ptr, Piece next) { pieces.push_back(std::move(next)); }
        );
    }
    followed.reactor.poll();
    REQUIRE(pieces.size() == 2);
    CHECK(pieces[0] == pieces[1]);
}

TEST_CASE("there is a bound on who follows, and room when one leaves", "[status]") {
    Followed followed;
    const std::string version = followed.open();
    std::vector<std::shared_ptr<EventStream>> streams;
    for (std::size_t i = 0; i < LivePage::kFollowersMax; ++i)
        streams.push_back(followed.page.follow(version));
    CHECK(streams.back());
    CHECK_FALSE(followed.page.follow(version));
    streams.pop_back();
    CHECK(followed.page.follow(version));
}
