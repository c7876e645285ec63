#include "tests/bench/pipeline_run.hpp"

#include "gateway/pipeline.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "tests/bench/meter_payload.hpp"
#include "tests/bench/stopwatch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <cstdlib>

namespace bench {

namespace asio = boost::asio;
using namespace gateway;

namespace {

asio::awaitable<void> produce(
    Pipeline& pipeline, const PipelineLoad& load, std::size_t& next, std::size_t& stored
) {
    const runtime::SystemClock clock;
    while (next < load.frames) {
        const auto& payload = load.payloads[next++];
        model::Frame frame(model::SourceId{0}, "", "", payload, clock.now());
        const auto receipt = co_await pipeline.accept(std::move(frame));
        if (receipt) stored += receipt->stored;
    }
}

}  // namespace

void PipelineLoad::make_payloads() {
    for (std::size_t i = 0; i < frames; ++i)
        payloads.push_back(meter_payload(static_cast<std::uint32_t>(i % meters), i / meters));
}

settings::Settings meter_settings(const PipelineLoad& load, const std::string& database) {
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
    settings.sources.push_back(source);
    return settings;
}

PipelineFigures run_pipeline(const PipelineLoad& load, const settings::Settings& settings) {
    asio::io_context reactor{1};
    runtime::WorkerThread storage("storage");
    const runtime::SystemClock clock;
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
    const Stopwatch watch;
    std::size_t producing = load.producers;
    const auto on_end = [&](const std::exception_ptr&) {
        if (--producing == 0) reactor.stop();
    };
    for (std::size_t i = 0; i < load.producers; ++i) {
        asio::co_spawn(reactor, produce(pipeline, load, next, stored), on_end);
    }
    reactor.run();
    const double readings = static_cast<double>(stored);
    const PipelineFigures figures{readings / watch.elapsed_s(), watch.cpu_s() * 1e6 / readings};
    reactor.restart();
    asio::co_spawn(reactor, (*outbox)->close(), [&](const std::exception_ptr&) { reactor.stop(); });
    reactor.run();
    return figures;
}

}  // namespace bench
