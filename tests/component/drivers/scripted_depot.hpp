#pragma once
#include "gateway/firmware/depot.hpp"
#include "gateway/runtime/condition.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tests::drivers {

// A depot that answers as the test says, and keeps what it was told. All of it on the reactor.
class ScriptedDepot final : public gateway::firmware::Depot {
    using Device = gateway::firmware::Device;
    using Offer = gateway::firmware::Offer;
    using Progress = gateway::firmware::Progress;

  public:
    explicit ScriptedDepot(boost::asio::any_io_executor reactor) : changed_(std::move(reactor)) {}

    // To be offered to everybody from now on.
    void stock(std::uint32_t update, std::string bytes) {
        offer.emplace();
        offer->update = update;
        offer->signed_manifest = "signed manifest " + std::to_string(update);
        offer->etag = "tag00" + std::to_string(100 + update);
        offer->image_size = static_cast<std::uint32_t>(bytes.size());
        image = std::move(bytes);
    }
    void hold() { is_held_ = true; }
    void release() {
        is_held_ = false;
        changed_.notify();
    }

    boost::asio::awaitable<std::optional<Offer>> introduce(Device device) override {
        introduced.push_back(std::move(device));
        while (is_held_) co_await changed_.wait();
        co_return offer;
    }
    boost::asio::awaitable<gateway::model::Result<std::string, NoPiece>> piece(
        std::string source,
        std::string name,
        std::uint32_t update,
        std::uint32_t offset,
        std::size_t size
    ) override {
        ++pieces;
        under_way_max = std::max(under_way_max, ++under_way_);
        while (is_held_) co_await changed_.wait();
        --under_way_;
        if (const auto cause = std::exchange(no_piece, std::nullopt)) co_return *cause;
        const bool is_known = offer && offer->update == update && offset < image.size();
        if (!is_known || source.empty() || name.empty()) co_return NoPiece::unknown;
        co_return image.substr(offset, size);
    }
    boost::asio::awaitable<bool> report(std::string, std::string name, Progress progress) override {
        while (is_held_) co_await changed_.wait();
        if (fails) co_return false;
        reported.emplace_back(std::move(name), progress);
        co_return true;
    }

    std::optional<Offer> offer;
    std::string image;
    std::optional<NoPiece> no_piece;  // of the next question
    std::vector<Device> introduced;
    std::vector<std::pair<std::string, Progress>> reported;
    bool fails = false;  // no state comes on its disk
    int pieces = 0;
    int under_way_max = 0;  // questions for pieces at a time

  private:
    bool is_held_ = false;
    int under_way_ = 0;
    gateway::runtime::Condition changed_;
};

// Bytes of which no two pieces are the same.
inline std::string image_of(std::size_t size) {
    std::string image;
    for (std::uint32_t i = 0; image.size() < size; ++i)
        image += "block " + std::to_string(i * 2'654'435'761U) + '\0';
    image.resize(size);
    return image;
}

}  // namespace tests::drivers
