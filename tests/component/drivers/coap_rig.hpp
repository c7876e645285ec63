#pragma once
#include "drivers/coap/coap_driver.hpp"
#include "tests/component/drivers/coap_wire.hpp"
#include "tests/component/drivers/quiet_log.hpp"
#include "tests/component/drivers/reactor_thread.hpp"
#include "tests/component/drivers/scripted_depot.hpp"
#include "tests/component/drivers/scripted_sessions.hpp"
#include "tests/component/drivers/scripted_sink.hpp"

#include <map>
#include <string>

namespace tests::drivers {

inline gateway::settings::Source coap_source(const std::string& format = "json") {
    gateway::settings::Source source;
    source.name = "air";
    source.format.name = format;
    source.payload_bytes_max = 128 * 1024;
    gateway::settings::CoapServer server;
    server.listen = "127.0.0.1:0";
    source.driver = server;
    return source;
}

// A CoAP driver and everything it needs, from its start to its stop.
struct CoapRig {
    explicit CoapRig(
        const gateway::settings::Source& source = coap_source(), bool has_updates = false
    )
        : driver(
              source,
              {gateway::model::SourceId{3},
               sink,
               sessions,
               reactor.executor(),
               clock,
               log,
               has_updates ? &depot : nullptr}
          ) {
        started = reactor.call([this] { return driver.start().has_value(); });
    }
    ~CoapRig() { reactor.await(driver.stop()); }

    ::drivers::DriverState state() {
        return reactor.call([this] { return driver.state(); });
    }

    // What the driver refused by itself.
    std::map<gateway::model::Refusal, int> refused() {
        return reactor.call([this] { return sink.refused_by_driver; });
    }

    // The port of the first (plain) or last (DTLS) endpoint.
    std::uint16_t port() { return port_after(state().detail, state().detail.find(':')); }
    std::uint16_t last_port() { return port_after(state().detail, state().detail.rfind(':')); }

    bool received(std::size_t frames) {
        return eventually([this, frames] { return sink.count() >= frames; });
    }

    static std::uint16_t port_after(const std::string& text, std::size_t colon) {
        return static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1)));
    }

    ReactorThread reactor;
    ScriptedSessions sessions;
    ScriptedSink sink{reactor.executor()};
    gateway::runtime::SystemClock clock;
    QuietLog log;
    ScriptedDepot depot{reactor.executor()};
    ::drivers::coap::CoapDriver driver;
    bool started = false;
};

}  // namespace tests::drivers
