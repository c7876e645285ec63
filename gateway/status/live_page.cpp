#include "gateway/status/live_page.hpp"

#include "gateway/status/json_writer.hpp"
#include "gateway/status/page.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <charconv>
#include <random>

namespace gateway::status {

namespace asio = boost::asio;

namespace {

// Where an EventSource lost its connection it tries again after so many milliseconds.
constexpr std::string_view kRetry = "retry: 5000\n";

std::string random_name() {
    std::random_device random;
    return std::to_string(random());
}

}  // namespace

class LivePage::Follower final : public EventStream {
  public:
    Follower(LivePage& page, std::optional<Version> version) : page_(page), version_(version) {
        ++page_.followers_;
    }
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;
    ~Follower() override { --page_.followers_; }

    asio::awaitable<Event> next() override {
        if (!version_) {
            version_ = page_.ticked_;
            co_return std::make_shared<const std::string>("event: renew\ndata:\n\n");
        }
        while (page_.ticked_ <= *version_) co_await page_.next_tick_.wait();
        Event event = page_.event_after(*version_);
        version_ = page_.version_;
        co_return event;
    }

  private:
    LivePage& page_;
    std::optional<Version> version_;  // that the browser shows; nothing: one of another run
};

LivePage::LivePage(const asio::any_io_executor& reactor, const ReportView& view)
    : view_(view), run_(random_name()), next_tick_(reactor) {}

std::string LivePage::document() {
    render();
    std::vector<PagePart> parts;
    for (const Shown& shown : parts_) parts.push_back(shown.part);
    return to_page(report_, parts, name(version_));
}

std::shared_ptr<EventStream> LivePage::follow(std::string_view after) {
    if (followers_ >= kFollowersMax) return nullptr;
    return std::make_shared<Follower>(*this, version_of(after));
}

asio::awaitable<void> LivePage::run() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (true) {
        timer.expires_after(kTick);
        co_await timer.async_wait(asio::use_awaitable);
        if (followers_ > 0) tick();
    }
}

void LivePage::tick() {
    render();
    ticked_ = version_;
    next_tick_.notify();
}

void LivePage::render() {
    report_ = view_.whole_report();
    ++version_;
    std::vector<PagePart> parts = to_parts(report_, view_.history());
    parts_.resize(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts_[i].part == parts[i]) continue;
        parts_[i] = {std::move(parts[i]), version_};
    }
}

std::string LivePage::name(Version version) const {
    return run_ + '.' + std::to_string(version);
}

std::optional<LivePage::Version> LivePage::version_of(std::string_view name) const {
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos || name.substr(0, dot) != run_) return std::nullopt;
    const std::string_view digits = name.substr(dot + 1);
    Version version = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, version);
    const bool is_known = read.ec == std::errc{} && read.ptr == end && version <= version_;
    return is_known ? std::optional{version} : std::nullopt;
}

LivePage::Event LivePage::event_after(Version version) {
    if (!event_ || event_from_ != version || event_to_ != version_) {
        event_ = std::make_shared<const std::string>(news_after(version));
        event_from_ = version;
        event_to_ = version_;
    }
    return event_;
}

std::string LivePage::news_after(Version version) const {
    JsonWriter json;
    json.open_object();
    json.member("title", page_title(report_));
    json.key("parts");
    json.open_object();
    for (const Shown& shown : parts_) {
        if (shown.changed > version) json.member(shown.part.id, shown.part.html);
    }
    json.close_object();
    json.close_object();
    return std::string{kRetry} + "id: " + name(version_) + "\ndata: " + json.take() + "\n\n";
}

}  // namespace gateway::status
