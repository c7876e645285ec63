// The inside of the gateway, from a frame to its receipt: many producers in this process push
// frames of the 120-byte message through decode, pseudonym and commit with synchronous=FULL, and
// wait for the receipt. Beside it, in the same run, a reference: the same work the straightforward
// way (Boost.JSON, one-shot HMAC, a row for each reading, transactions of 1,000) on one thread.
//   ingest_bench DIRECTORY [frames] [producers] [meters]
#include "gateway/decode/decoder.hpp"
#include "tests/bench/pipeline_run.hpp"
#include "tests/bench/stopwatch.hpp"

#include <boost/json/src.hpp>
#include <openssl/hmac.h>
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

using namespace bench;
using namespace gateway;

struct Row {
    const char* name;
    double readings_per_s;
    double cpu_us_per_reading;
};

void print(const Row& row) {
    std::printf("%-46s %12.0f %14.2f\n", row.name, row.readings_per_s, row.cpu_us_per_reading);
}

void add_power(settings::Settings& settings) {
    settings.sources[0].format.json.readings.push_back({"power.active", "/power_w", "W"});
}

Row bench_pipeline(const PipelineLoad& load, bool both) {
    auto settings = meter_settings(load, both ? "two.db" : "one.db");
    if (both) add_power(settings);
    const auto figures = run_pipeline(load, settings);
    return {
        both ? "gateway, two readings a message" : "gateway, one reading a message",
        figures.readings_per_s,
        figures.cpu_us_per_reading};
}

double bench_decode(const PipelineLoad& load) {
    auto settings = meter_settings(load, "unused.db");
    add_power(settings);
    auto decoder = decode::make_decoder(settings.sources[0].format);
    model::Readings readings;
    std::size_t count = 0;
    std::vector<model::Frame> frames;
    for (const auto& payload : load.payloads)
        frames.emplace_back(model::SourceId{0}, "", "", payload, model::Instant{});
    const Stopwatch watch;
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

Row bench_reference(const PipelineLoad& load) {
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
    const Stopwatch watch;
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
    PipelineLoad load;
    load.directory = argv[1];
    if (argc > 2) load.frames = std::strtoull(argv[2], nullptr, 10);
    if (argc > 3) load.producers = std::strtoull(argv[3], nullptr, 10);
    if (argc > 4) load.meters = static_cast<std::uint32_t>(std::strtoul(argv[4], nullptr, 10));
    std::filesystem::create_directories(load.directory);
    load.make_payloads();
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
