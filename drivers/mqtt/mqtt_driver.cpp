#include "drivers/mqtt/mqtt_driver.hpp"

#include "drivers/mqtt/topic_filter.hpp"
#include "gateway/language/translate.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <random>

namespace drivers::mqtt {

namespace asio = boost::asio;
namespace model = gateway::model;
namespace observe = gateway::observe;
namespace settings = gateway::settings;
using gateway::language::tr;
using std::chrono::milliseconds;

namespace {

constexpr int kQosMax =
    1;  // QoS 2 loses messages in this client library when the process is killed

settings::MqttClient client_settings(const settings::Source& source) {
    settings::MqttClient client = std::get<settings::MqttClient>(source.driver);
    client.qos = std::min(client.qos, kQosMax);
    if (client.url.starts_with("mqtts://")) client.tls.enabled = true;
    return client;
}

milliseconds verdict_wait(std::chrono::seconds keep_alive) {
    if (keep_alive.count() == 0) return MqttDriver::kVerdictWaitMax;  // no PINGREQ is ever due
    return std::min(MqttDriver::kVerdictWaitMax, milliseconds(keep_alive) / 2);
}

// Full jitter: many gateways that lost the same broker do not come back in step.
milliseconds jittered(milliseconds limit) {
    static thread_local std::minstd_rand random{std::random_device{}()};
    const auto least = MqttDriver::kReconnectMin.count() / 2;
    return milliseconds(std::uniform_int_distribution(least, limit.count())(random));
}

}  // namespace

struct MqttDriver::Loss {
    explicit Loss(const asio::any_io_executor& reactor)
        : known(reactor, asio::steady_timer::time_point::max()) {}
    bool has_happened = false;
    asio::steady_timer known;
};

MqttDriver::MqttDriver(const settings::Source& source, Surroundings around)
    : settings_(client_settings(source)),
      name_(source.name),
      client_id_(settings_.client_id.empty() ? "passerelle-" + source.name : settings_.client_id),
      payload_bytes_max_(source.payload_bytes_max),
      reactor_(std::move(around.reactor)),
      log_(around.log),
      arrivals_(std::make_shared<Arrivals>(
          around.id, around.sink, around.clock, reactor_, verdict_wait(settings_.keep_alive)
      )),
      tasks_(reactor_, [this](std::exception_ptr) {
          log_.error("source-failed", tr("The MQTT driver stopped working."));
      }) {
    for (const std::string& pattern : source.topics) filters_.push_back(topic_filter(pattern));
}

MqttDriver::~MqttDriver() {
    arrivals_->abandon();
}

model::Result<void> MqttDriver::start() {
    tasks_.spawn(stay_connected());
    return {};
}

asio::awaitable<void> MqttDriver::stop() {
    arrivals_->close();
    co_await tasks_.close();
    auto close_session = [this] {
        if (session_) session_->close();
        session_.reset();
    };
    co_await worker_.run(close_session);
    connected_ = is_opening_ = false;
    detail_ = tr("stopped");
}

DriverState MqttDriver::state() const {
    DriverState state{connected_, detail_, arrivals_->taken()};
    if (is_receiving()) {
        state.connected = true;
        state.detail = connected_words();
    }
    state.is_clock_suspect = !state.connected && settings_.tls.enabled;
    return state;
}

// A session that goes on brings what waited at the broker before the subscription is answered.
bool MqttDriver::is_receiving() const {
    return is_opening_ && arrivals_->taken() > taken_before_opening_;
}

std::string MqttDriver::connected_words() const {
    return tr("connected to {0}", {broker_address(settings_)});
}

asio::awaitable<void> MqttDriver::stay_connected() {
    milliseconds limit = kReconnectMin;
    asio::steady_timer timer(reactor_);
    for (;;) {
        const bool was_good = co_await live_once();
        limit = was_good ? kReconnectMin : std::min(limit * 2, kReconnectMax);
        timer.expires_after(jittered(limit));
        co_await timer.async_wait(asio::use_awaitable);
    }
}

// One connection from its opening to its end; true if it was of use.
asio::awaitable<bool> MqttDriver::live_once() {
    const auto loss = std::make_shared<Loss>(reactor_);
    auto open = [this, &loss] { return open_session(loss); };
    taken_before_opening_ = arrivals_->taken();
    is_opening_ = true;
    const std::string failure = co_await worker_.run(open);
    is_opening_ = false;
    if (!failure.empty()) {
        note_failure(failure);
        co_return false;
    }
    note_connected();
    const auto since = std::chrono::steady_clock::now();
    const std::uint64_t acknowledged_before = arrivals_->acknowledged();
    co_await wait_for_loss(loss);
    note_failure(tr("connection lost"));
    co_return arrivals_->acknowledged() > acknowledged_before ||
        std::chrono::steady_clock::now() - since > kStableAfter;
}

asio::awaitable<void> MqttDriver::wait_for_loss(std::shared_ptr<Loss> loss) {
    while (!loss->has_happened) {
        boost::system::error_code woken;
        co_await loss->known.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

// On the worker's thread. A new session object each time: the library keeps acknowledgements it
// could not write with the old one and would send them on the next connection.
std::string MqttDriver::open_session(const std::shared_ptr<Loss>& loss) {
    session_.reset();
    BrokerSession::Events events;
    events.on_message = [arrivals = arrivals_](Message message) {
        return arrivals->take(std::move(message));
    };
    events.is_stopping = [arrivals = arrivals_] { return arrivals->is_closed(); };
    events.on_loss = [reactor = reactor_, loss] {
        asio::post(reactor, [loss] {
            loss->has_happened = true;
            loss->known.cancel();
        });
    };
    session_ = std::make_unique<BrokerSession>(
        settings_, client_id_, payload_bytes_max_, std::move(events)
    );
    std::string failure = session_->open(filters_);
    if (!failure.empty()) session_.reset();
    return failure;
}

void MqttDriver::note_connected() {
    connected_ = true;
    detail_ = connected_words();
    const std::array<observe::Field, 1> fields{observe::Field{"source", name_}};
    log_.write(
        observe::Level::info, "source-connected", tr("The broker of a source is connected."), fields
    );
}

void MqttDriver::note_failure(const std::string& reason) {
    connected_ = false;
    detail_ = broker_address(settings_) + ": " + reason;
    const std::array<observe::Field, 2> fields{
        observe::Field{"source", name_}, observe::Field{"reason", reason}};
    log_.write(
        observe::Level::warning,
        "source-disconnected",
        tr("The broker of a source cannot be reached; the gateway keeps trying."),
        fields
    );
}

}  // namespace drivers::mqtt
