#pragma once
#include "gateway/anonymise/key_ring.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::support {

// Keys in memory. A copy is what another disk would have of them at this moment.
class MemoryKeyRing final : public gateway::anonymise::KeyRing {
  public:
    using Key = gateway::anonymise::Key;

    gateway::model::Result<std::optional<Key>> find(std::string_view name) override {
        if (error) return error;
        std::optional<Key> key;
        if (name == unreadable.first) return unreadable.second;
        const auto found = keys_.find(name);
        if (found != keys_.end()) key = copy_of(found->second);
        return key;
    }

    gateway::model::Result<Key> make(std::string_view name) override {
        if (error) return error;
        Bytes& bytes = keys_[std::string(name)];
        for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(random_());
        ++made;
        return copy_of(bytes);
    }

    gateway::model::Result<void> destroy(std::string_view name) override {
        if (error) return error;
        const auto found = keys_.find(name);
        if (found != keys_.end()) keys_.erase(found);
        return {};
    }

    gateway::model::Result<std::vector<std::string>> names(std::string_view prefix) override {
        std::vector<std::string> found;
        for (const auto& [name, bytes] : keys_) {
            if (name.starts_with(prefix)) found.push_back(name);
        }
        return found;
    }

    gateway::model::Result<gateway::model::Instant> made_at(std::string_view) override {
        return now;
    }

    gateway::model::Result<bool> is_there() override { return there && made > 0; }

    std::size_t size() const { return keys_.size(); }
    void lose(std::string_view name) { keys_.erase(keys_.find(name)); }

    int made = 0;
    bool there = true;
    gateway::model::Instant now{};    // when every key was made
    boost::system::error_code error;  // what every search, every new key and destruction answers
    std::pair<std::string, boost::system::error_code> unreadable;  // one key, and why

  private:
    using Bytes = std::array<unsigned char, Key::kBytes>;

    static Key copy_of(const Bytes& bytes) {
        Key key;
        std::copy(bytes.begin(), bytes.end(), key.bytes().begin());
        return key;
    }

    std::map<std::string, Bytes, std::less<>> keys_;
    std::mt19937 random_{1};
};

}  // namespace tests::support
