#include "drivers/mqtt_listener/sessions.hpp"

#include "drivers/mqtt_listener/bounds.hpp"

namespace drivers::mqtt_listener {

namespace asio = boost::asio;
using std::chrono::steady_clock;

asio::awaitable<Sessions::Entry> Sessions::enter(
    std::string client, std::string identity, std::function<void()> on_taken_over
) {
    const auto deadline = steady_clock::now() + kTakeOverMax;
    while (true) {
        const auto holder = holders_.find(client);
        if (holder == holders_.end()) break;
        if (holder->second.identity != identity) co_return Entry::not_yours;
        if (steady_clock::now() >= deadline) co_return Entry::too_late;
        const auto left = holder->second.left;
        holder->second.on_taken_over();
        co_await left->wait_until(deadline);
    }
    Holder self{
        std::move(identity),
        std::move(on_taken_over),
        std::make_shared<gateway::runtime::Condition>(reactor_)};
    holders_.emplace(std::move(client), std::move(self));
    co_return Entry::entered;
}

void Sessions::leave(const std::string& client, std::chrono::seconds expiry) {
    if (expiry.count() > 0 && ends_.size() < kSessionEndsMax)
        ends_[client] = steady_clock::now() + expiry;
    const auto holder = holders_.find(client);
    const auto left = holder->second.left;
    holders_.erase(holder);
    left->notify();
}

bool Sessions::has_expired(const std::string& client) {
    const auto end = ends_.find(client);
    if (end == ends_.end()) return false;
    const bool is_past = steady_clock::now() >= end->second;
    ends_.erase(end);
    return is_past;
}

}  // namespace drivers::mqtt_listener
