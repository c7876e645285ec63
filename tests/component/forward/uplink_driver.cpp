#include "tests/component/forward/uplink_driver.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>

namespace forward_test {

namespace asio = boost::asio;

namespace {

constexpr std::uint32_t kDevices = 50;

settings::Uplink named() {
    settings::Uplink uplink;
    uplink.name = "city";
    return uplink;
}

}  // namespace

UplinkDriver::UplinkDriver(const settings::Uplink& uplink) {
    settings::Gateway gateway;
    gateway.id = "tunis-bardo-07";
    uplink_ = forward::make_uplink(uplink, gateway);
}

forward::Delivery UplinkDriver::send(std::shared_ptr<const buffer::Batch> batch) {
    asio::io_context io;
    auto delivery = asio::co_spawn(io, uplink_->send(std::move(batch)), asio::use_future);
    io.run();
    return delivery.get();
}

forward::Delivery UplinkDriver::send_and_cancel(std::shared_ptr<const buffer::Batch> batch) {
    asio::io_context io;
    auto delivery = asio::co_spawn(io, uplink_->send(std::move(batch)), asio::use_future);
    asio::steady_timer timer(io, std::chrono::milliseconds{200});
    timer.async_wait([this](boost::system::error_code) { uplink_->cancel(); });
    io.run();
    return delivery.get();
}

settings::Uplink uplink_settings(settings::HttpUplink http) {
    auto uplink = named();
    http.timeout = std::chrono::seconds{5};
    uplink.kind = std::move(http);
    return uplink;
}

settings::Uplink uplink_settings(settings::MqttUplink mqtt) {
    auto uplink = named();
    mqtt.timeout = std::chrono::seconds{5};
    uplink.kind = std::move(mqtt);
    return uplink;
}

std::shared_ptr<const buffer::Batch> batch_of(std::uint64_t first, std::uint64_t last) {
    auto batch = std::make_shared<buffer::Batch>();
    batch->dataset = "water";
    batch->first_sequence = first;
    batch->last_sequence = last;
    for (std::uint32_t i = 0; i < kDevices; ++i) batch->devices.push_back("d" + std::to_string(i));
    batch->quantities = {{"water.volume", "m3"}};
    batch->attributes = {"{}", R"({"floor":"2"})"};
    batch->readings.reserve(last - first + 1);
    for (std::uint64_t sequence = first; sequence <= last; ++sequence) {
        gateway::buffer::StoredReading reading;
        reading.sequence = sequence;
        reading.device = static_cast<std::uint32_t>(sequence % kDevices);
        reading.attributes = sequence % 2 == 0 ? 1 : 0;
        reading.value = {static_cast<std::int64_t>(sequence * 10), -2};
        reading.observed_at =
            gateway::model::Instant{std::chrono::milliseconds{1'767'225'600'000 + sequence}};
        batch->readings.push_back(reading);
    }
    return batch;
}

}  // namespace forward_test
