// The inside of the gateway, from a frame to its receipt: many producers in this process push
// frames of the 120-byte message through decode, pseudonym and commit with synchronous=FULL, and
// wait for the receipt. Beside it, in the same run, a reference: the same work the straightforward
// way (Boost.JSON, one-shot HMAC, a row for each reading, transactions of 1,000) on one thread.
//   ingest_bench DIRECTORY [frames] [producers] [meters]
#include "gateway/pipeline.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "tests/bench/meter_payload.hpp"
#include "tests/bench/stopwatch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/src.hpp>
#include <openssl/hmac.h>
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

namespace asio = boost::asio;
using namespace gateway;

struct Load {
    std::string directory;
    std::size_t frames = 1'000'000;
    std::size_t producers = 2'000;
    std::uint32_t meters = 1'000;
    std::vector<std::string> payloads;
};

struct Row {
    const char* name;
    double readings_per_s;
    double cpu_us_per_reading;
};

void print(const Row& row) {
    std::printf("%-46s %12.0f %14.2f\n", row.name, row.readings_per_s, row.cpu_us_per_reading);
}

settings::Settings meter_settings(const Load& load, const char* database, bool both) {
    settings::Settings settings;
    settings.gateway.id = "bench";
    settings.gateway.state_directory = load.directory;
    settings.buffer.path = load.directory + "/" + database;
    settings::Dataset dataset;
    dataset.name = "energy";
    dataset.fields["device"] = settings::Pseudonym{};
    settings.datasets.push_back(dataset);
    settings::Source source;
    source.name = "meters";
    source.dataset = "energy";
    source.format.json.device = "/deviceId";
    source.format.json.time = "/ts";
    source.format.json.readings.push_back({"energy.active", "/energy_kwh", "kW.h"});
    if (both) source.format.json.readings.push_back({"power.active", "/power_w", "W"});
    settings.sources.push_back(source);
    return settings;
}

asio::awaitable<void> produce(
    Pipeline& pipeline, const Load& load, std::size_t& next, std::size_t& stored
) {
    const runtime::SystemClock clock;
    while (next < load.frames) {
        const auto& payload = load.payloads[next++];
        model::Frame frame(model::SourceId{0}, "", "", payload, clock.now());
        const auto receipt = co_await pipeline.accept(std::move(frame));
        if (receipt) stored += receipt->stored;
    }
}

Row bench_pipeline(const Load& load, bool both) {
    asio::io_context reactor{1};
    runtime::WorkerThread storage("storage");
    const runtime::SystemClock clock;
    const auto settings = meter_settings(load, both ? "two.db" : "one.db", both);
    anonymise::KeyDirectory keys(load.directory + "/keys");
    buffer::Outbox::Environment environment{reactor.get_executor(), storage, clock, {}};
    environment.on_failure = [](const boost::system::error_code& why) {
        std::fprintf(stderr, "store failed: %s\n", why.message().c_str());
        std::exit(1);
    };
    auto outbox = buffer::Outbox::open(std::move(environment), settings);
    if (!outbox) std::exit(1);
    Pipeline pipeline(settings, **outbox, keys, clock, "bench-guard-key");
    std::size_t next = 0;
    std::size_t stored = 0;
    const bench::Stopwatch watch;
    std::size_t producing = load.producers;
    const auto on_end = [&](const std::exception_ptr&) {
        if (--producing == 0) reactor.stop();
    };
    for (std::size_t i = 0; i < load.producers; ++i) {
        asio::co_spawn(reactor, produce(pipeline, load, next, stored), on_end);
    }
    reactor.run();
    const double readings = static_cast<double>(stored);
    const Row row{
        both ? "gateway, two readings a message" : "gateway, one reading a message",
        readings / watch.elapsed_s(),
        watch.cpu_s() * 1e6 / readings};
    reactor.restart();
    asio::co_spawn(reactor, (*outbox)->close(), [&](const std::exception_ptr&) { reactor.stop(); });
    reactor.run();
    return row;
}

double bench_decode(const Load& load) {
    const auto settings = meter_settings(load, "unused.db", true);
    auto decoder = decode::make_decoder(settings.sources[0].format);
    model::Readings readings;
    std::size_t count = 0;
    std::vector<model::Frame> frames;
    for (const auto& payload : load.payloads)
        frames.emplace_back(model::SourceId{0}, "", "", payload, model::Instant{});
    const bench::Stopwatch watch;
    for (const auto& frame : frames) {
        readings.clear();
        if (decoder->decode(frame, readings)) count += readings.size();
    }
    if (count != 2 * frames.size()) std::exit(1);
    return watch.cpu_s() * 1e9 / static_cast<double>(frames.size());
}

void insert_reference(sqlite3_stmt* insert, const std::string& payload, const std::string& key) {
    const auto message = boost::json::parse(payload);
    const auto& device = message.at("deviceId").as_string();
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    HMAC(
        EVP_sha256(),
        key.data(),
        static_cast<int>(key.size()),
        reinterpret_cast<const unsigned char*>(device.data()),
        device.size(),
        digest,
        &length
    );
    sqlite3_bind_blob(insert, 1, digest, 16, SQLITE_TRANSIENT);
    sqlite3_bind_int64(insert, 2, message.at("ts").as_int64());
    sqlite3_bind_double(insert, 3, message.at("energy_kwh").as_double());
    sqlite3_step(insert);
    sqlite3_reset(insert);
}

Row bench_reference(const Load& load) {
    sqlite3* db = nullptr;
    const std::string path = load.directory + "/reference.db";
    if (sqlite3_open(path.c_str(), &db) != SQLITE_OK) std::exit(1);
    sqlite3_exec(
        db,
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE reading(id INTEGER PRIMARY KEY, device BLOB, ts INTEGER, value REAL)",
        nullptr,
        nullptr,
        nullptr
    );
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(
        db, "INSERT INTO reading(device, ts, value) VALUES(?,?,?)", -1, &insert, nullptr
    );
    constexpr std::size_t kGroup = 1'000;
    const std::string key(32, 'k');
    const bench::Stopwatch watch;
    for (std::size_t i = 0; i < load.payloads.size(); ++i) {
        if (i % kGroup == 0)
            sqlite3_exec(db, i == 0 ? "BEGIN" : "COMMIT; BEGIN", nullptr, nullptr, nullptr);
        insert_reference(insert, load.payloads[i], key);
    }
    sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
    const double readings = static_cast<double>(load.payloads.size());
    const Row row{
        "reference, one thread, groups of 1,000",
        readings / watch.elapsed_s(),
        watch.cpu_s() * 1e6 / readings};
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return row;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2)
        return std::fprintf(
                   stderr, "usage: ingest_bench DIRECTORY [frames] [producers] [meters]\n"
               ),
               2;
    Load load;
    load.directory = argv[1];
    if (argc > 2) load.frames = std::strtoull(argv[2], nullptr, 10);
    if (argc > 3) load.producers = std::strtoull(argv[3], nullptr, 10);
    if (argc > 4) load.meters = static_cast<std::uint32_t>(std::strtoul(argv[4], nullptr, 10));
    std::filesystem::create_directories(load.directory);
    for (std::size_t i = 0; i < load.frames; ++i) {
        load.payloads.push_back(
            bench::meter_payload(static_cast<std::uint32_t>(i % load.meters), i / load.meters)
        );
    }
    std::printf(
        "%zu messages of 120 bytes, %zu producers, %u meters\n",
        load.frames,
        load.producers,
        load.meters
    );
    std::printf("%-46s %12s %14s\n", "", "readings/s", "CPU us/reading");
    print(bench_reference(load));
    print(bench_pipeline(load, false));
    print(bench_pipeline(load, true));
    std::printf("decode alone: %.0f ns a message of two readings\n", bench_decode(load));
    return 0;
}
