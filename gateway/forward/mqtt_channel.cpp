#include "gateway/forward/mqtt_channel.hpp"

#include "gateway/forward/connection_failure.hpp"

#include <curl/curl.h>
#include <poll.h>

#include <array>
#include <new>

namespace gateway::forward {

namespace {

constexpr std::chrono::milliseconds kCancelInterval{50};  // how often a wait looks for cancel()

struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

int stop_if_cancelled(
    void* cancelled,
    curl_off_t /*download_expected*/,
    curl_off_t /*downloaded*/,
    curl_off_t /*upload_expected*/,
    curl_off_t /*uploaded*/
) {
    return static_cast<const std::atomic<bool>*>(cancelled)->load() ? 1 : 0;
}

// libcurl knows no scheme of ours, but connects without saying anything.
std::string url_of(const settings::MqttClient& client) {
    constexpr int kPort = 1883;
    constexpr int kSecurePort = 8883;
    const auto scheme = client.url.find("://");
    std::string address = scheme == std::string::npos ? client.url : client.url.substr(scheme + 3);
    const auto colon = address.rfind(':');
    const auto bracket = address.rfind(']');
    const bool has_port =
        colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    if (!has_port) address += ':' + std::to_string(is_secure(client) ? kSecurePort : kPort);
    return (is_secure(client) ? "https://" : "http://") + address;
}

}  // namespace

bool is_secure(const settings::MqttClient& client) {
    return client.tls.enabled || client.url.starts_with("mqtts://");
}

// One libcurl handle, which does no more than connect. The first option that cannot be set keeps it
// from that: nothing is ever sent with less protection than configured.
class MqttChannel::Session {
  public:
    Session(const settings::MqttUplink& settings, const std::atomic<bool>& cancelled)
        : cancelled_(cancelled) {
        static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
        error_ = initialised;
        handle_.reset(curl_easy_init());
        if (!handle_) throw std::bad_alloc();
        const auto& client = settings.client;
        const auto keep_alive = static_cast<long>(client.keep_alive.count());
        set(CURLOPT_URL, url_of(client).c_str());
        set(CURLOPT_PROTOCOLS_STR, is_secure(client) ? "https" : "http");
        set(CURLOPT_CONNECT_ONLY, 1L);
        set(CURLOPT_PROXY, "");  // whatever the environment says
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_TCP_KEEPALIVE, 1L);
        set(CURLOPT_TCP_KEEPIDLE, keep_alive);
        set(CURLOPT_TCP_KEEPINTVL, keep_alive);
        set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(settings.timeout.count()));
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &stop_if_cancelled);
        set(CURLOPT_XFERINFODATA, &cancelled);
        if (is_secure(client)) set_tls(client.tls);
    }

    std::string open() {
        if (error_ == CURLE_OK) error_ = curl_easy_perform(handle_.get());
        return error_ == CURLE_OK ? "" : connection_failure(error_);
    }

    bool write(std::string_view bytes, Deadline deadline) {
        while (!bytes.empty()) {
            std::size_t sent = 0;
            const auto result = curl_easy_send(handle_.get(), bytes.data(), bytes.size(), &sent);
            if (result == CURLE_AGAIN && may_wait(POLLOUT, deadline)) continue;
            if (result != CURLE_OK) return false;
            bytes.remove_prefix(sent);
        }
        return true;
    }

    CURLcode receive(std::string& received) {
        std::array<char, 4096> room{};
        std::size_t size = 0;
        const auto result = curl_easy_recv(handle_.get(), room.data(), room.size(), &size);
        if (result == CURLE_OK && size == 0) return CURLE_RECV_ERROR;  // its end
        if (result == CURLE_OK) received.append(room.data(), size);
        return result;
    }

    // Waits for a moment; false when there is none left.
    bool may_wait(short events, Deadline deadline) const {
        if (cancelled_ || std::chrono::steady_clock::now() >= deadline) return false;
        curl_socket_t socket = CURL_SOCKET_BAD;
        curl_easy_getinfo(handle_.get(), CURLINFO_ACTIVESOCKET, &socket);
        if (socket == CURL_SOCKET_BAD) return false;
        pollfd waiting{socket, events, 0};
        return ::poll(&waiting, 1, static_cast<int>(kCancelInterval.count())) >= 0;
    }

  private:
    template <class Value>
    void set(CURLoption option, Value value) {
        if (error_ == CURLE_OK) error_ = curl_easy_setopt(handle_.get(), option, value);
    }
    void set_if(CURLoption option, const std::string& value) {
        if (!value.empty()) set(option, value.c_str());
    }
    void set_tls(const settings::Tls& tls) {
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        set(CURLOPT_SSL_ENABLE_ALPN, 0L);  // it is no HTTP
        if (!tls.ca_file.empty()) {
            set(CURLOPT_CAINFO, tls.ca_file.c_str());
            set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // this authority alone
        }
        set_if(CURLOPT_SSLCERT, tls.certificate_file);
        set_if(CURLOPT_SSLKEY, tls.key_file);
    }

    const std::atomic<bool>& cancelled_;
    std::unique_ptr<CURL, FreeHandle> handle_;
    CURLcode error_ = CURLE_OK;
};

MqttChannel::MqttChannel(const settings::MqttUplink& settings, const std::atomic<bool>& cancelled)
    : session_(std::make_unique<Session>(settings, cancelled)) {}

MqttChannel::~MqttChannel() = default;

std::string MqttChannel::open() {
    return session_->open();
}

bool MqttChannel::write(std::string_view bytes, Deadline deadline) {
    return session_->write(bytes, deadline);
}

bool MqttChannel::read(std::string& received, Deadline deadline) {
    while (true) {
        const auto result = session_->receive(received);
        if (result != CURLE_AGAIN) return result == CURLE_OK;
        if (!session_->may_wait(POLLIN, deadline)) return false;
    }
}

bool MqttChannel::poll(std::string& received) {
    CURLcode result = CURLE_OK;
    while (result == CURLE_OK) result = session_->receive(received);
    return result == CURLE_AGAIN;
}

}  // namespace gateway::forward
