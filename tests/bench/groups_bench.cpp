// What sums of groups cost: draws of the noise, and readings of many meters into the windows of
// an aggregation and out again as results. One JSON line a part.
//   groups_bench DIRECTORY [draws] [meters] [rounds]
#include "gateway/aggregate/aggregation.hpp"
#include "gateway/aggregate/discrete_laplace.hpp"
#include "tests/bench/stopwatch.hpp"
#include "tests/support/numbered_meters.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace gateway;
using tests::support::numbered_token;

constexpr std::int64_t kStart = 1'767'225'600;
constexpr std::int64_t kHour = 3600;
constexpr std::uint32_t kMetersOfGroup = 400;
constexpr std::size_t kPortion = 10'000;  // as the batches of an uplink

struct Load {
    std::string directory;
    std::uint64_t draws = 2'000'000;
    std::uint32_t meters = 100'000;
    std::uint32_t rounds = 4;  // an hour each
};

// Of this program: what getrusage() tells is that of whoever started it, if that was more.
double peak_mib() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        double kib = 0;
        if (word == "VmHWM:" && status >> kib) return kib / 1024;
    }
    return 0;
}

template <class Value>
Value expect(model::Result<Value> result, const char* what) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "%s: %s\n", what, result.error().message().c_str());
    std::exit(1);
}

// Of a meter that adds at most 30 kWh, in Wh.
void draw(const Load& load) {
    const auto laplace = expect(aggregate::DiscreteLaplace::of(30'000, {1, 1}), "noise");
    aggregate::KernelEntropy entropy;
    aggregate::RandomBits bits(entropy);
    const bench::Stopwatch watch;
    std::int64_t sum = 0;
    for (std::uint64_t i = 0; i < load.draws; ++i) sum += expect(laplace.draw(bits), "draw");
    std::printf(
        R"({"part":"draws","per_s":%.0f,"cpu_us":%.3f,"mean":%.1f})"
        "\n",
        static_cast<double>(load.draws) / watch.elapsed_s(),
        watch.cpu_s() * 1e6 / static_cast<double>(load.draws),
        static_cast<double>(sum) / static_cast<double>(load.draws)
    );
}

aggregate::Registry registry_of(const Load& load) {
    std::vector<aggregate::Group> groups;
    tests::support::NumberedMeters meters;
    for (std::uint32_t first = 0; first < load.meters; first += kMetersOfGroup) {
        meters.put(first, std::min(first + kMetersOfGroup, load.meters), groups.size());
        groups.push_back({"zone " + std::to_string(groups.size())});
    }
    return expect(meters.registry(std::move(groups)), "registry");
}

class Rounds {
  public:
    explicit Rounds(const Load& load)
        : load_(load),
          before_mib_(peak_mib()),
          keys_(load.directory + "/windows", anonymise::kWindowKeyEnding),
          file_(expect(
              aggregate::SpoolFile::open(
                  {load.directory + "/groups.db", load.directory + "/releases"}
              ),
              "spool"
          )) {
        aggregate::Rules rules;
        rules.dataset = "bench";
        rules.window = std::chrono::seconds(kHour);
        rules.grace = std::chrono::seconds(kHour * 2);  // so that several are open
        rules.resolution = -3;
        const model::Instant start{std::chrono::seconds{kStart}};
        aggregation_ = expect(
            aggregate::Aggregation::open(
                {*file_, keys_, entropy_}, std::move(rules), registry_of(load), start
            ),
            "aggregation"
        );
    }

    void take() {
        const bench::Stopwatch watch;
        for (std::uint32_t round = 0; round < load_.rounds; ++round) take_round(round);
        const double readings = static_cast<double>(load_.rounds) * load_.meters;
        std::printf(
            R"({"part":"readings","per_s":%.0f,"cpu_us":%.3f,"windows":%zu,"peak_mib":%.1f})"
            "\n",
            readings / watch.elapsed_s(),
            watch.cpu_s() * 1e6 / readings,
            aggregation_->open_windows(),
            peak_mib() - before_mib_
        );
    }

    void release() {
        const bench::Stopwatch watch;
        const model::Instant end{std::chrono::seconds{kStart + (load_.rounds + 3) * kHour}};
        const auto released = expect(aggregation_->release_due(end), "release");
        const double windows = static_cast<double>(released);
        std::printf(
            R"({"part":"releases","per_s":%.1f,"cpu_us":%.0f,"windows":%zu})"
            "\n",
            windows / watch.elapsed_s(),
            watch.cpu_s() * 1e6 / windows,
            released
        );
    }

  private:
    // Every meter once.
    void take_round(std::uint32_t round) {
        std::vector<aggregate::Contribution> readings;
        const model::Instant time{std::chrono::seconds{kStart + round * kHour + 1}};
        for (std::uint32_t meter = 0; meter < load_.meters; ++meter) {
            const model::Decimal value{static_cast<std::int64_t>(meter % 997 + 500), -3};
            readings.push_back({++sequence_, numbered_token(meter), value, time});
            if (readings.size() < kPortion && meter + 1 < load_.meters) continue;
            if (const auto taken = aggregation_->take({sequence_ + 1, readings}); !taken) {
                std::fprintf(stderr, "take: %s\n", taken.error().message().c_str());
                std::exit(1);
            }
            readings.clear();
        }
    }

    const Load& load_;
    double before_mib_;
    aggregate::KernelEntropy entropy_;
    anonymise::KeyRingDirectory keys_;
    std::unique_ptr<aggregate::SpoolFile> file_;
    std::unique_ptr<aggregate::Aggregation> aggregation_;
    std::uint64_t sequence_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2)
        return std::fprintf(stderr, "usage: groups_bench DIRECTORY [draws] [meters] [rounds]\n"), 2;
    Load load;
    load.directory = std::string(argv[1]) + "/groups_bench";
    if (argc > 2) load.draws = std::strtoull(argv[2], nullptr, 10);
    if (argc > 3) load.meters = static_cast<std::uint32_t>(std::strtoul(argv[3], nullptr, 10));
    if (argc > 4) load.rounds = static_cast<std::uint32_t>(std::strtoul(argv[4], nullptr, 10));
    std::filesystem::remove_all(load.directory);
    std::filesystem::create_directories(load.directory);
    draw(load);
    {
        Rounds rounds(load);
        rounds.take();
        rounds.release();
    }
    std::filesystem::remove_all(load.directory);
    return 0;
}
