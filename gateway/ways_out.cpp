#include "gateway/ways_out.hpp"

#include "gateway/forward/uplink_catalogue.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sodium.h>

#include <algorithm>
#include <utility>

namespace gateway {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

namespace {

std::uint64_t random_number() {
    std::uint64_t number = 0;
    randombytes_buf(&number, sizeof number);
    return number;
}

// The buffer may keep queues for an uplink that it is not to be sent: see kept_through_trial().
std::vector<buffer::BatchQueue*> queues_of(
    const settings::Uplink& uplink, std::vector<buffer::BatchQueue*> queues
) {
    if (uplink.datasets.empty()) return queues;
    std::erase_if(queues, [&](const buffer::BatchQueue* queue) {
        const auto& names = uplink.datasets;
        return std::find(names.begin(), names.end(), queue->dataset()) == names.end();
    });
    return queues;
}

}  // namespace

// How the forwarder at one position becomes another one.
class WaysOut::Change {
  public:
    explicit Change(const asio::any_io_executor& reactor)
        : asked_(reactor, asio::steady_timer::time_point::max()),
          done_(reactor, asio::steady_timer::time_point::max()) {}

    // From outside: asks, and answers when another forwarder is there, or none any more.
    asio::awaitable<void> run(settings::Uplink next) {
        boost::system::error_code ignored;
        next_ = std::move(next);
        asked_.cancel();
        if (!has_ended_)
            co_await done_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

    // From the forwarder's task.
    asio::awaitable<void> until_asked() {
        boost::system::error_code ignored;
        if (!next_) co_await asked_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    std::optional<settings::Uplink> take() { return std::exchange(next_, std::nullopt); }
    void note_done() { done_.cancel(); }
    void note_end() {
        has_ended_ = true;
        done_.cancel();
    }

  private:
    std::optional<settings::Uplink> next_;  // what it is to become
    asio::steady_timer asked_;
    asio::steady_timer done_;
    bool has_ended_ = false;
};

WaysOut::~WaysOut() = default;

WaysOut::WaysOut(Environment environment, settings::Settings& settings)
    : environment_(std::move(environment)), settings_(settings) {
    for (std::size_t i = 0; i < settings_.uplinks.size(); ++i) {
        WayOut& way = ways_.emplace_back();
        way.queues = queues_of(
            settings_.uplinks[i], environment_.outbox.queues(static_cast<buffer::UplinkId>(i))
        );
        way.forwarder = make(i);
        changes_.push_back(std::make_unique<Change>(environment_.reactor));
    }
}

std::unique_ptr<forward::Forwarder> WaysOut::make(std::size_t position) const {
    const auto& uplink = settings_.uplinks[position];
    return std::make_unique<forward::Forwarder>(
        forward::Forwarder::Environment{
            environment_.reactor, environment_.clock, environment_.log, random_number()},
        uplink,
        forward::Forwarder::Terms{settings_.datasets, environment_.keys},
        forward::make_uplink(uplink, settings_.gateway),
        ways_[position].queues
    );
}

void WaysOut::start(runtime::TaskGroup& tasks) {
    for (std::size_t i = 0; i < ways_.size(); ++i) tasks.spawn(forward(i));
}

asio::awaitable<void> WaysOut::forward(std::size_t position) {
    Change& change = *changes_[position];
    try {
        while (co_await forward_until_exchanged(position)) change.note_done();
    } catch (...) {
        change.note_end();
        throw;
    }
    change.note_end();
}

// False when it ended by itself.
asio::awaitable<bool> WaysOut::forward_until_exchanged(std::size_t position) {
    Change& change = *changes_[position];
    co_await (ways_[position].forwarder->run() || change.until_asked());
    auto next = change.take();
    if (!next) co_return false;
    settings_.uplinks[position] = std::move(*next);
    ways_[position].forwarder = make(position);
    co_return true;
}

asio::awaitable<void> WaysOut::exchange(std::size_t position, settings::Uplink uplink) {
    return changes_[position]->run(std::move(uplink));
}

}  // namespace gateway
