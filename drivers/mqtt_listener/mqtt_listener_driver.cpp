#include "drivers/mqtt_listener/mqtt_listener_driver.hpp"

#include "drivers/mqtt_listener/bounds.hpp"
#include "gateway/ingest/key_files.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace drivers::mqtt_listener {

namespace asio = boost::asio;
namespace model = gateway::model;
namespace settings = gateway::settings;
using asio::ip::tcp;
using boost::system::error_code;
using gateway::language::tr;
using gateway::runtime::FileChange;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds kWatchInterval{1};
// After a failure to accept, as when no more files may be open.
constexpr std::chrono::milliseconds kAcceptPause{100};

model::Result<tcp::endpoint> endpoint_of(const std::string& listen) {
    const std::size_t colon = listen.rfind(':');
    std::uint16_t port = 0;
    const char* end = listen.data() + listen.size();
    const auto read = std::from_chars(listen.data() + colon + 1, end, port);
    std::string host = listen.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    error_code failure;
    const auto address = asio::ip::make_address(host, failure);
    if (failure || read.ptr != end) return error_code{asio::error::invalid_argument};
    return tcp::endpoint{address, port};
}

}  // namespace

MqttListenerDriver::MqttListenerDriver(const settings::Source& source, Surroundings around)
    : settings_(std::get<settings::MqttListener>(source.driver)),
      name_(source.name),
      hall_{
          around,
          gateway::ingest::Access{source.topics, settings_.access},
          Sessions{around.reactor},
          nullptr},
      left_(around.reactor),
      tasks_(around.reactor, [this](std::exception_ptr) {
          hall_.around.log.error("source-failed", tr("The MQTT listener stopped working."));
      }) {
    hall_.anonymous = settings_.anonymous;
    hall_.payload_bytes_max = source.payload_bytes_max;
}

MqttListenerDriver::~MqttListenerDriver() = default;

// --- the beginning

model::Result<void> MqttListenerDriver::start() {
    const auto opened = open();
    if (!opened) {
        detail_ = gateway::language::failure_words(opened.error());
        doors_.clear();
        return opened.error();
    }
    std::string addresses;
    for (auto& door : doors_) {
        error_code ignored;
        const auto bound = door.acceptor.local_endpoint(ignored);
        if (!addresses.empty()) addresses += ' ';
        addresses += bound.address().to_string() + ':' + std::to_string(bound.port());
        tasks_.spawn(let_in(door));
    }
    detail_ = tr("listening on {0}", {addresses});
    tasks_.spawn(watch());
    return {};
}

model::Result<void> MqttListenerDriver::open() {
    if (const auto loaded = load_accounts(); !loaded) return loaded;
    if (const auto made = make_tls(); !made) return made;
    if (!settings_.listen.empty()) {
        if (const auto opened = open_door(settings_.listen, false); !opened) return opened;
    }
    if (!settings_.listen_secure.empty()) {
        if (const auto opened = open_door(settings_.listen_secure, true); !opened) return opened;
    }
    return {};
}

model::Result<void> MqttListenerDriver::load_accounts() {
    if (!settings_.accounts) return {};
    accounts_change_ = FileChange(settings_.accounts->file);
    auto accounts = Accounts::load(settings_.accounts->file);
    if (!accounts) {
        const auto& fault = accounts.error();
        const auto& file = settings_.accounts->file;
        const std::string why = gateway::language::failure_words(fault.why);
        hall_.around.log.error(
            "accounts-unreadable",
            fault.line == 0 ? tr("The accounts in {0} cannot be read: {1}", {file, why})
                            : tr("The accounts in {0} cannot be used, line {1}: {2}",
                                 {file, std::to_string(fault.line), why})
        );
        return fault.why;
    }
    if (hall_.authenticator) {
        hall_.authenticator->replace(std::move(*accounts));
    } else {
        hall_.authenticator = std::make_unique<Authenticator>(std::move(*accounts));
    }
    return {};
}

model::Result<void> MqttListenerDriver::make_tls() {
    if (settings_.listen_secure.empty()) return {};
    TlsServer::Options options;
    options.files = settings_.tls;
    crl_change_ = FileChange(settings_.tls.crl_file);
    if (settings_.device_keys || !settings_.pre_shared_keys.empty()) {
        auto keys = read_keys();
        if (!keys) return keys.error();
        options.keys = std::move(*keys);
    }
    options.needs_certificate = !settings_.accounts && !options.keys && !settings_.anonymous;
    try {
        tls_ = std::make_unique<TlsServer>(std::move(options));
    } catch (const boost::system::system_error& error) {
        return error.code();
    }
    return {};
}

model::Result<gateway::runtime::DeviceKeys> MqttListenerDriver::read_keys() {
    if (settings_.device_keys) keys_change_ = FileChange(settings_.device_keys->file);
    return gateway::ingest::read_device_keys(
        settings_.device_keys, settings_.pre_shared_keys, hall_.around.log
    );
}

model::Result<void> MqttListenerDriver::open_door(const std::string& address, bool is_secure) {
    const auto endpoint = endpoint_of(address);
    if (!endpoint) return endpoint.error();
    tcp::acceptor acceptor{hall_.around.reactor};
    error_code failure;
    acceptor.open(endpoint->protocol(), failure);
    if (!failure) acceptor.set_option(tcp::acceptor::reuse_address{true}, failure);
    if (!failure) acceptor.bind(*endpoint, failure);
    if (!failure) acceptor.listen(tcp::acceptor::max_listen_connections, failure);
    if (failure) return failure;
    doors_.push_back({std::move(acceptor), is_secure});
    return {};
}

// --- the middle

asio::awaitable<void> MqttListenerDriver::let_in(Door& door) {
    asio::steady_timer pause(hall_.around.reactor);
    while (true) {
        error_code failure;
        auto socket =
            co_await door.acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
        if (!failure) {
            admit(std::move(socket), door.is_secure);
            continue;
        }
        if (failure == asio::error::operation_aborted) co_return;
        hall_.turnaways.count(Turnaway::full);
        pause.expires_after(kAcceptPause);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

void MqttListenerDriver::admit(tcp::socket socket, bool is_secure) {
    error_code failure;
    const auto address = socket.remote_endpoint(failure).address();
    if (failure) return;  // gone already
    if (!has_place_for(address)) {
        hall_.turnaways.count(Turnaway::full);
        return;
    }
    make_room(address);
    socket.set_option(tcp::no_delay{true}, failure);
    // A device of MQTT 3.1.1 may ask for no keep-alive: the kernel then finds out that it is gone.
    socket.set_option(asio::socket_base::keep_alive{true}, failure);
    auto channel =
        is_secure ? tls_->channel(std::move(socket)) : make_plain_channel(std::move(socket));
    const auto guest = guests_.emplace(guests_.end());
    guest->address = address;
    guest->connection = std::make_unique<Connection>(std::move(channel), hall_, [this, guest] {
        occupancy_.introduce(guest->address);
        strangers_.remove(&*guest);
    });
    occupancy_.arrive(address);
    strangers_.push_back(&*guest);
    tasks_.spawn(host(guest));
}

bool MqttListenerDriver::has_place_for(const asio::ip::address& address) const {
    return occupancy_.present() < static_cast<std::size_t>(settings_.connections_max) &&
           occupancy_.present_from(address) <
               static_cast<std::size_t>(settings_.connections_per_address_max);
}

// Who connects and says nothing must not keep out who does: the oldest silent one goes.
void MqttListenerDriver::make_room(const asio::ip::address& address) {
    const bool many_there = occupancy_.strangers_from(address) >= kIntroductionsPerAddressMax;
    if (!many_there && occupancy_.strangers() < kIntroductionsMax) return;
    const auto oldest = std::find_if(strangers_.begin(), strangers_.end(), [&](const Guest* guest) {
        return !many_there || guest->address == address;
    });
    if (oldest == strangers_.end()) return;
    (*oldest)->connection->give_way();
    strangers_.erase(oldest);  // so that the next to come finds another
}

asio::awaitable<void> MqttListenerDriver::host(Guests::iterator guest) {
    co_await guest->connection->run();
    const bool is_introduced = guest->connection->is_introduced();
    occupancy_.leave(guest->address, is_introduced);
    if (!is_introduced) strangers_.remove(&*guest);
    guests_.erase(guest);
    left_.notify();
}

asio::awaitable<void> MqttListenerDriver::watch() {
    asio::steady_timer timer(hall_.around.reactor);
    while (true) {
        timer.expires_after(kWatchInterval);
        co_await timer.async_wait(asio::use_awaitable);
        const auto now = steady_clock::now();
        for (auto& guest : guests_) guest.connection->check(now);
        renew_credentials();
        report_turnaways();
    }
}

// The log limits repetitions: an attack does not fill it.
void MqttListenerDriver::report_turnaways() {
    auto causes = hall_.turnaways.by_cause();
    for (const auto& [cause, count] : causes) {
        if (reported_[cause] == count) continue;
        const std::array<gateway::observe::Field, 2> fields{
            gateway::observe::Field{"source", name_}, gateway::observe::Field{"cause", cause}};
        hall_.around.log.write(
            gateway::observe::Level::warning,
            "connections-turned-away",
            tr("Connections to the MQTT listener were ended."),
            fields
        );
    }
    reported_ = std::move(causes);
}

// What was added holds from now on, and who is connected by what is gone is sent away; a file that
// cannot be used changes nothing.
void MqttListenerDriver::renew_credentials() {
    const bool accounts = renew_accounts();
    const bool keys = tls_ && renew_keys();
    const bool revocations = tls_ && renew_revocations();
    if (!accounts && !keys && !revocations) return;
    for (auto& guest : guests_) guest.connection->check_proof();
}

bool MqttListenerDriver::renew_accounts() {
    if (!accounts_change_.happened() || !load_accounts()) return false;
    hall_.around.log.info(
        "accounts-renewed", tr("The accounts in {0} were read again.", {settings_.accounts->file})
    );
    return true;
}

bool MqttListenerDriver::renew_keys() {
    if (!keys_change_.happened()) return false;
    const auto keys = read_keys();
    if (!keys) return false;
    tls_->renew_keys(*keys);
    gateway::ingest::report_renewed(settings_.device_keys->file, hall_.around.log);
    return true;
}

bool MqttListenerDriver::renew_revocations() {
    if (!crl_change_.happened()) return false;
    const auto& file = settings_.tls.crl_file;
    if (const auto renewed = tls_->renew_revocations(); !renewed) {
        hall_.around.log.error(
            "crl-unreadable",
            tr("The list of revoked certificates in {0} cannot be read: {1}",
               {file, gateway::language::failure_words(renewed.error())})
        );
        return false;
    }
    hall_.around.log.info(
        "crl-renewed", tr("The list of revoked certificates in {0} was read again.", {file})
    );
    return true;
}

// --- the end

asio::awaitable<void> MqttListenerDriver::stop() {
    hall_.is_stopping = true;
    for (auto& door : doors_) {
        error_code ignored;
        door.acceptor.close(ignored);
    }
    for (auto& guest : guests_) guest.connection->stop();
    const auto deadline = steady_clock::now() + kStopMax;
    while (!guests_.empty() && steady_clock::now() < deadline) co_await left_.wait_until(deadline);
    co_await tasks_.close();
    // Who is still there waits for a disk or a device that does not answer.
    for (auto& guest : guests_) co_await guest.connection->close();
    guests_.clear();
    detail_ = tr("stopped");
}

DriverState MqttListenerDriver::state() const {
    return {
        !doors_.empty() && !hall_.is_stopping,
        detail_,
        hall_.frames,
        guests_.size(),
        hall_.turnaways.by_cause()};
}

}  // namespace drivers::mqtt_listener
