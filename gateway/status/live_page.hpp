#pragma once
#include "gateway/observe/report.hpp"
#include "gateway/runtime/condition.hpp"
#include "gateway/status/event_stream.hpp"
#include "gateway/status/page_parts.hpp"
#include "gateway/status/report_view.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::status {

// The page, and what changes of it for the browsers that follow it by server-sent events (HTML
// standard, section 9.2). Every rendering has a version and every part the one it changed with, so
// that a browser is sent what is newer than what it shows, however long it was away: all of them
// are served by one rendering a tick. On the reactor; the view outlives it.
class LivePage {
  public:
    static constexpr std::chrono::seconds kTick{5};
    static constexpr std::size_t kFollowersMax = 32;

    LivePage(const boost::asio::any_io_executor& reactor, const ReportView& view);

    // The whole page as it is now.
    std::string document();

    // What comes after a version that a document or an event named; of another run's version the
    // one event that makes the browser ask for the page again. Null: kFollowersMax are there.
    std::shared_ptr<EventStream> follow(std::string_view after);

    // Ticks every kTick while somebody follows. Until it is cancelled.
    boost::asio::awaitable<void> run();
    // Renders, and lets the followers have what is new.
    void tick();

  private:
    using Version = std::uint64_t;
    using Event = std::shared_ptr<const std::string>;
    class Follower;

    struct Shown {
        PagePart part;
        Version changed = 0;
    };

    void render();
    std::string name(Version version) const;
    std::optional<Version> version_of(std::string_view name) const;
    Event event_after(Version version);
    std::string news_after(Version version) const;

    const ReportView& view_;
    const std::string run_;  // tells the versions of this run from others'
    observe::Report report_;
    std::vector<Shown> parts_;
    Version version_ = 0;
    Version ticked_ = 0;  // the version of the last tick
    std::size_t followers_ = 0;
    runtime::Condition next_tick_;
    // The event that most followers get: all who had the one before it.
    Event event_;
    Version event_from_ = 0;
    Version event_to_ = 0;
};

}  // namespace gateway::status
