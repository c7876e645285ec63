// What the buffer costs: groups of readings of 1,000 meters with two quantities each, every reading
// sent by a coroutine of its own that waits for the commit; then all are drained in batches of
// 10,000 and deleted.
// Usage: buffer_bench [DIRECTORY]   (on a block device, for the device bytes)
#include "gateway/buffer/outbox.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "tests/support/public_readings.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace gateway;

constexpr std::uint64_t kMeters = 1000;
constexpr double kMicroseconds = 1e6;

double thread_cpu() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// Counters of this process from /proc/self/io.
double written(const std::string& counter) {
    std::ifstream file("/proc/self/io");
    std::string name;
    double value = 0;
    while (file >> name >> value) {
        if (name == counter + ":") return value;
    }
    return 0;
}

// The process's resident memory in MB.
double resident() {
    std::ifstream file("/proc/self/statm");
    double pages = 0;
    file >> pages >> pages;
    return pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

// Energy rises, power wanders; the meters come in shuffled order, both quantities of one together.
class Meters {
  public:
    Meters() : names_(kMeters), order_(kMeters), energy_(kMeters), power_(kMeters) {
        for (std::size_t i = 0; i < kMeters; ++i) {
            std::array<char, 33> name{};
            std::snprintf(name.data(), name.size(), "%016lx%016lx", random_(), random_());
            names_[i] = name.data();
            order_[i] = i;
            energy_[i] = static_cast<std::int64_t>(random_() % 90'000'000);
            power_[i] = static_cast<std::int64_t>(random_() % 4000);
        }
    }

    model::PublicReading next() {
        const std::size_t step = count_++;
        if (step % (2 * kMeters) == 0) std::shuffle(order_.begin(), order_.end(), random_);
        const std::size_t meter = order_[step / 2 % kMeters];
        tests::support::PublicFields fields;
        fields.device = names_[meter];
        fields.observed_at = start_ + std::chrono::milliseconds(step * 5);
        fields.time_quality = model::TimeQuality::device;
        if (step % 2 == 0) {
            energy_[meter] += static_cast<std::int64_t>(random_() % 60);
            fields.quantity = &energy_quantity_;
            fields.value = model::Decimal{energy_[meter], -3};
        } else {
            power_[meter] += static_cast<std::int64_t>(random_() % 201) - 100;
            fields.quantity = &power_quantity_;
            fields.value = model::Decimal{power_[meter], 0};
        }
        return anonymise::Policy::make(fields);
    }

  private:
    const model::Quantity energy_quantity_{"energy.active", "kW.h"};
    const model::Quantity power_quantity_{"power.active", "W"};
    const model::Instant start_{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
    std::mt19937_64 random_{1};
    std::vector<std::string> names_;
    std::vector<std::size_t> order_;
    std::vector<std::int64_t> energy_;
    std::vector<std::int64_t> power_;
    std::size_t count_ = 0;
};

class Run {
  public:
    Run(const std::string& directory, std::uint64_t group, std::uint64_t readings)
        : group_(group), readings_(readings) {
        settings_.buffer.path = directory + "/buffer.db";
        settings_.datasets.resize(1);
        settings_.datasets[0].name = "energy";
        settings_.uplinks.resize(1);
        settings_.uplinks[0].name = "city";
        auto on_failure = [](const boost::system::error_code& error) {
            std::fprintf(stderr, "%s\n", error.message().c_str());
            std::exit(1);
        };
        auto opened =
            buffer::Outbox::open({io_.get_executor(), storage_, clock_, on_failure}, settings_);
        if (!opened) on_failure(opened.error());
        outbox_ = std::move(*opened);
    }

    void measure() {
        const Figures before = take();
        for (std::uint64_t sent = 0; sent < readings_; sent += group_) send_group();
        const Figures stored = take();
        const double memory = resident();
        bool done = false;
        boost::asio::co_spawn(io_, drain(), [&](auto) { done = true; });
        while (!done) io_.run_one();
        const Figures drained = take();
        done = false;
        boost::asio::co_spawn(io_, outbox_->close(), [&](auto) { done = true; });
        while (!done) io_.run_one();
        print(before, stored, drained, memory);
    }

  private:
    struct Figures {
        double time, reactor, storage, wchar, device;
    };

    Figures take() {
        double storage = 0;
        bool done = false;
        auto ask = [] { return thread_cpu(); };
        boost::asio::co_spawn(io_, storage_.run(ask), [&](auto, double cpu) {
            storage = cpu;
            done = true;
        });
        while (!done) io_.run_one();
        return {now(), thread_cpu(), storage, written("wchar"), written("write_bytes")};
    }

    // A coroutine a reading, as the drivers have one a frame.
    void send_group() {
        senders_ = group_;
        for (std::uint64_t i = 0; i < group_; ++i)
            boost::asio::co_spawn(io_, send(), [this](auto) { --senders_; });
        while (senders_ > 0) io_.run_one();
    }

    boost::asio::awaitable<void> send() {
        const auto reading = meters_.next();
        const auto ticket = outbox_->append(buffer::DatasetId{0}, {&reading, 1});
        if (!ticket) std::exit(1);
        const auto verdict = co_await outbox_->committed(*ticket);
        if (!verdict) std::exit(1);
    }

    boost::asio::awaitable<void> drain() {
        auto& lane =
            outbox_->queue(buffer::UplinkId{0}, buffer::DatasetId{0}).lane(buffer::Lane::live);
        const buffer::BatchLimits limits{10'000, 16U << 20};
        while (true) {
            const auto batch = co_await lane.open(limits);
            if (!batch || !*batch) co_return;
            const auto confirmed = co_await lane.confirm();
            if (!confirmed) std::exit(1);
        }
    }

    void print(
        const Figures& before, const Figures& stored, const Figures& drained, double memory
    ) {
        const auto each = [&](double total) { return total / static_cast<double>(readings_); };
        std::printf(
            "%6lu %9.0f %8.2f %8.2f %9.0f %9.0f %11.0f %8.2f %9.0f %9.0f %7.1f\n",
            group_,
            1 / each(stored.time - before.time),
            each(stored.reactor - before.reactor) * kMicroseconds,
            each(stored.storage - before.storage) * kMicroseconds,
            each(stored.wchar - before.wchar),
            each(stored.device - before.device),
            1 / each(drained.time - stored.time),
            each(drained.storage - stored.storage) * kMicroseconds,
            each(drained.wchar - before.wchar),
            each(drained.device - before.device),
            memory
        );
        std::fflush(stdout);
    }

    std::uint64_t group_;
    std::uint64_t readings_;
    std::uint64_t senders_ = 0;
    Meters meters_;
    settings::Settings settings_;
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        io_.get_executor()};
    runtime::WorkerThread storage_{"storage"};
    runtime::SystemClock clock_;
    std::unique_ptr<buffer::Outbox> outbox_;
};

}  // namespace

int main(int count, char** arguments) {
    const std::string base = count > 1 ? arguments[1] : "/tmp";
    std::printf(
        " group       1/s  reactor  storage  wchar B  device B  drained 1/s  storage"
        "  +drain wchar  device  RSS MB\n                 us each  us each     each      each"
        "               us each       each      each\n"
    );
    for (const std::uint64_t group : {1U, 10U, 100U, 1000U, 10'000U}) {
        std::string directory = base + "/buffer_bench.XXXXXX";
        if (mkdtemp(directory.data()) == nullptr) return 1;
        Run(directory, group, std::min<std::uint64_t>(1'000'000, group * 2000)).measure();
        std::filesystem::remove_all(directory);
    }
    return 0;
}
