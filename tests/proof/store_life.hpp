#pragma once
#include "gateway/buffer/group.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/runtime/clock.hpp"
#include "promises.hpp"
#include "tests/support/memory_key_ring.hpp"

#include <memory>
#include <optional>
#include <random>
#include <string>

namespace tests::proof {

// A configuration with two datasets, of which one uplink takes both and the other one.
gateway::settings::Settings proof_settings(const std::string& path, std::uint64_t size_max);

// A real store, driven through everything it can do by chance, and its promises.
class StoreLife {
  public:
    struct Shape {
        std::uint64_t size_max;
        std::size_t readings_max;  // of a group
    };
    // The store is small, so that readings are evicted; or large, its groups too, so that the log
    // fills and is copied back between two commits.
    static constexpr Shape kSmall{384 * 1024, 12};
    static constexpr Shape kLarge{16U << 20, 80};

    StoreLife(std::uint32_t seed, const std::string& path, Shape shape);

    // Each answers false when the store did not: the disk has failed it. Whatever comes then, the
    // store does no more.
    bool open(const std::string& vfs);
    bool step();
    bool close();
    // As when the process ends.
    void abandon() { store_.reset(); }

    const gateway::settings::Settings& settings() const { return settings_; }
    const gateway::runtime::WallClock& clock() const { return clock_; }
    // Those that the store has now. Who opens a copy of it needs a copy of them.
    const support::MemoryKeyRing& keys() const { return keys_; }
    Promises& promises() { return promises_; }
    bool opened() const { return store_ != nullptr; }
    std::mt19937& random() { return random_; }
    const std::string& error() const { return error_; }

    bool write();
    bool send(std::size_t queue);
    bool maintain();

  private:
    template <class Answer>
    bool settle(const Answer& answer);
    bool reopen_batch(std::size_t queue);
    bool set_aside(std::size_t queue);
    gateway::buffer::QueueLane lane_of(std::size_t queue);

    std::mt19937 random_;
    Shape shape_;
    gateway::settings::Settings settings_;
    gateway::runtime::ManualClock clock_;
    Promises promises_;
    std::uint64_t last_number_ = 0;
    std::uint64_t refused_kept_ = 0;  // of groups that found no room
    std::optional<gateway::buffer::GroupBuilder> builder_;
    support::MemoryKeyRing keys_;
    std::unique_ptr<gateway::buffer::SqliteStore> store_;
    std::string error_;
};

}  // namespace tests::proof
