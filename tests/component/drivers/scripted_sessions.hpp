#pragma once
#include "gateway/ingest/session_memory.hpp"

#include <map>
#include <set>
#include <string>

namespace tests::drivers {

// A memory of marked frames that holds what the test puts into it. On the reactor.
class ScriptedSessions : public gateway::ingest::SessionMemory {
  public:
    std::map<std::string, std::set<std::uint16_t>, std::less<>> packets;

    bool knows(std::string_view session) override { return packets.contains(session); }
    boost::asio::awaitable<gateway::model::Decoded<void>> remember(std::string session) override {
        packets[session];
        co_return gateway::model::Decoded<void>{};
    }
    std::vector<std::uint16_t> held(std::string_view session) override {
        const auto found = packets.find(session);
        if (found == packets.end()) return {};
        return {found->second.begin(), found->second.end()};
    }
    boost::asio::awaitable<gateway::model::Decoded<void>> release(
        std::string session, std::uint16_t packet_id
    ) override {
        packets[session].erase(packet_id);
        co_return gateway::model::Decoded<void>{};
    }
    boost::asio::awaitable<gateway::model::Decoded<void>> forget(std::string session) override {
        packets.erase(session);
        co_return gateway::model::Decoded<void>{};
    }
};

}  // namespace tests::drivers
