#pragma once
#include "gateway/firmware/depot.hpp"

namespace drivers::update {

// Of a gateway without updates: there is nothing for anybody, and what a device still has to say of
// an earlier one is heard, so that it need not repeat it for ever.
class NoDepot final : public gateway::firmware::Depot {
  public:
    boost::asio::awaitable<std::optional<gateway::firmware::Offer>>
    introduce(gateway::firmware::Device /*device*/) override {
        co_return std::nullopt;
    }
    boost::asio::awaitable<gateway::model::Result<std::string, NoPiece>> piece(
        std::string /*source*/,
        std::string /*name*/,
        std::uint32_t /*update*/,
        std::uint32_t /*offset*/,
        std::size_t /*size*/
    ) override {
        co_return NoPiece::unknown;
    }
    boost::asio::awaitable<bool> report(
        std::string /*source*/, std::string /*name*/, gateway::firmware::Progress /*progress*/
    ) override {
        co_return true;
    }
};

}  // namespace drivers::update
