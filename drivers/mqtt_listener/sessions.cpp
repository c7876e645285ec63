#include "drivers/mqtt_listener/sessions.hpp"

#include "drivers/mqtt_listener/bounds.hpp"

#include <algorithm>

namespace drivers::mqtt_listener {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

// Moves a client to the end, where the least idle are; false when it is not there.
bool make_last(std::vector<std::string>& clients, const std::string& client) {
    const auto found = std::find(clients.begin(), clients.end(), client);
    if (found == clients.end()) return false;
    std::rotate(found, found + 1, clients.end());
    return true;
}

}  // namespace

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
    if (!device.has_session()) let_go(device);
    const auto counted = lasting_.find(device.identity);
    if (counted != lasting_.end()) make_last(counted->second, device.client);
    const auto holder = holders_.find(device.client);
    const auto left = holder->second.left;
    holders_.erase(holder);
    left->notify();
}

bool Sessions::keep(const Device& device, std::optional<std::string>& idlest) {
    if (device.identity.empty()) return true;
    Clients& clients = lasting_[device.identity];
    if (make_last(clients, device.client)) return true;
    if (clients.size() >= kSessionsPerIdentityMax) {
        const auto away = std::find_if(clients.begin(), clients.end(), [&](const auto& client) {
            return !is_here(client, device.identity);
        });
        if (away == clients.end()) return false;
        Device other;
        other.identity = device.identity;
        other.client = *away;
        idlest = other.session();
        ends_.erase(*idlest);
        clients.erase(away);
    }
    clients.push_back(device.client);
    return true;
}

void Sessions::let_go(const Device& device) {
    const auto counted = lasting_.find(device.identity);
    if (counted == lasting_.end()) return;
    std::erase(counted->second, device.client);
    if (counted->second.empty()) lasting_.erase(counted);
}

bool Sessions::is_here(const std::string& client, const std::string& identity) const {
    const auto holder = holders_.find(client);
    return holder != holders_.end() && holder->second.identity == identity;
}

bool Sessions::has_expired(const Device& device, steady_clock::time_point now) {
    const auto end = ends_.find(device.session());
    if (end == ends_.end()) return false;
    const bool is_past = now >= end->second;
    ends_.erase(end);
    return is_past;
}

}  // namespace drivers::mqtt_listener
