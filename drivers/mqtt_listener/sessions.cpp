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

void Sessions::leave(const Device& device, steady_clock::time_point now) {
    if (device.has_session() && ends_.size() < kSessionEndsMax)
        ends_[device.session()] = now + std::chrono::seconds{device.session_expiry_s};
    const auto holder = holders_.find(device.client);
    const auto left = holder->second.left;
    holders_.erase(holder);
    left->notify();
}

bool Sessions::has_expired(const Device& device, steady_clock::time_point now) {
    const auto end = ends_.find(device.session());
    if (end == ends_.end()) return false;
    const bool is_past = now >= end->second;
    ends_.erase(end);
    return is_past;
}

}  // namespace drivers::mqtt_listener
