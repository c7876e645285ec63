#pragma once
#include "gateway/aggregate/aggregation.hpp"
#include "numbered_meters.hpp"
#include "seeded_entropy.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tests::support {

// An aggregation over real files, which a test can end and start again. Windows of an hour, from
// the first hour of 2026 on.
class AggregationBox {
  public:
    static constexpr std::int64_t kStart = 1'767'225'600;
    static constexpr std::int64_t kHour = 3600;

    AggregationBox(std::string directory, gateway::aggregate::Registry registry)
        : directory_(std::move(directory)), registry_(std::move(registry)) {
        rules.dataset = "electricity";
        rules.window = std::chrono::seconds(kHour);
        rules.grace = std::chrono::seconds(kHour / 2);
        rules.resolution = -3;
    }

    static gateway::model::Instant at(std::int64_t seconds) {
        return gateway::model::Instant{std::chrono::seconds{kStart + seconds}};
    }

    gateway::model::Result<void> start() {
        stop();
        auto file =
            gateway::aggregate::SpoolFile::open({database(), directory_ + "/releases", vfs});
        if (!file) return file.error();
        file_ = std::move(*file);
        auto opened = gateway::aggregate::Aggregation::open(
            {*file_, *keys(), entropy_}, rules, registry_, at(0)
        );
        if (!opened) return opened.error();
        aggregation_ = std::move(*opened);
        return {};
    }
    void stop() {
        aggregation_.reset();
        file_.reset();
    }

    // The next reading of the buffer: a meter's, `second` after the start.
    AggregationBox& read(std::uint32_t meter, std::int64_t value, std::int64_t second) {
        readings_.push_back({++last_sequence_, numbered_token(meter), {value, -3}, at(second)});
        return *this;
    }
    // One of each of the meters first ... last - 1.
    AggregationBox& read_all(
        std::uint32_t first, std::uint32_t last, std::int64_t value, std::int64_t second
    ) {
        for (auto meter = first; meter < last; ++meter) read(meter, value, second);
        return *this;
    }
    // Gives what was read since the last call that was answered.
    gateway::model::Result<void> take() {
        auto taken = aggregation_->take({last_sequence_ + 1, readings_});
        if (taken) readings_.clear();
        return taken;
    }

    // The bodies of all results that are frozen, in their order.
    std::vector<std::string> results() {
        std::vector<std::string> bodies;
        std::uint64_t last = 0;
        for (auto next = file_->next_release(last); next && *next;
             next = file_->next_release(last)) {
            last = (*next)->number;
            bodies.push_back((*next)->body);
        }
        return bodies;
    }

    gateway::aggregate::Aggregation& aggregation() { return *aggregation_; }
    gateway::aggregate::SpoolFile& file() { return *file_; }
    gateway::aggregate::Counts counts() const { return aggregation_->counts(); }
    std::string database() const { return directory_ + "/groups.db"; }
    std::string key_directory() const { return directory_ + keys_in; }
    std::size_t keys_left() const {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& file :
             std::filesystem::directory_iterator(key_directory()))
            ++count;
        return count;
    }
    void use(gateway::aggregate::Registry registry) { registry_ = std::move(registry); }

    gateway::aggregate::Rules rules;
    std::string vfs;
    std::string keys_in = "/windows";  // below the directory

  private:
    gateway::anonymise::KeyRing* keys() {
        keys_ = std::make_unique<gateway::anonymise::KeyRingDirectory>(
            key_directory(), gateway::anonymise::kWindowKeyEnding
        );
        return keys_.get();
    }

    std::string directory_;
    gateway::aggregate::Registry registry_;
    SeededEntropy entropy_{1};
    std::unique_ptr<gateway::anonymise::KeyRing> keys_;
    std::unique_ptr<gateway::aggregate::SpoolFile> file_;
    std::unique_ptr<gateway::aggregate::Aggregation> aggregation_;
    std::vector<gateway::aggregate::Contribution> readings_;
    std::uint64_t last_sequence_ = 0;
};

}  // namespace tests::support
