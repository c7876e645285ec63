#include "gateway/doctor/visit.hpp"

#include "gateway/doctor/tls_alert.hpp"
#include "gateway/forward/connection_failure.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/secret_file.hpp"
#include "gateway/runtime/wipe.hpp"

#include <curl/curl.h>
#include <openssl/x509_vfy.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

namespace gateway::doctor {
namespace {

using language::tr;
using Stage = Visit::Stage;
using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kBodyBytesMax = 64 * 1024;  // the rest of an answer says nothing

struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

std::size_t discard(const char* /*bytes*/, std::size_t size, std::size_t count, void* received) {
    auto& total = *static_cast<std::size_t*>(received);
    total += size * count;
    return total > kBodyBytesMax ? 0 : size * count;
}

// "Date: Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 6.6.1).
std::size_t look_for_date(const char* bytes, std::size_t size, std::size_t count, void* seen) {
    constexpr std::string_view kName = "date:";
    const std::string line(bytes, size * count);
    const bool is_date = line.size() > kName.size() &&
                         std::equal(kName.begin(), kName.end(), line.begin(), [](char a, char b) {
                             return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
                         });
    if (!is_date) return size * count;
    const std::time_t time = curl_getdate(line.c_str() + kName.size(), nullptr);
    auto& found = *static_cast<Visit*>(seen);
    if (time > 0) found.told = model::Instant{std::chrono::seconds{time}};
    found.told_at =
        std::chrono::time_point_cast<model::Instant::duration>(std::chrono::system_clock::now());
    return size * count;
}

// libcurl has no code of its own for an alert, and its buffer for errors keeps the first alone,
// which may be that a broken connection cannot be sent to: what it says that it does is listened
// to.
int look_for_alert(
    CURL* /*handle*/, curl_infotype type, char* bytes, std::size_t size, void* seen
) {
    const auto alert = type == CURLINFO_TEXT ? alert_in({bytes, size}) : std::string_view{};
    if (!alert.empty()) *static_cast<std::string*>(seen) = alert;
    return 0;
}

// libcurl knows no scheme of MQTT, but connects without saying anything.
std::string url_of(const Endpoint& endpoint) {
    if (const auto* http = std::get_if<settings::HttpUplink>(&endpoint.way)) return http->url;
    return (endpoint.is_secure ? "https://" : "http://") + endpoint.address;
}

std::string proxy_of(const Endpoint& endpoint) {
    const auto* http = std::get_if<settings::HttpUplink>(&endpoint.way);
    return http != nullptr ? http->proxy : std::string{};
}

void end_at(Visit& visit, Stage stage, std::string reason) {
    visit.stage = stage;
    visit.reason = std::move(reason);
}

// What is sent to be let in; empty where nothing is. Nothing, and the visit is over, when its file
// cannot be read.
std::optional<std::string> read_secret(
    const std::optional<settings::Secret>& secret, Visit& visit
) {
    if (!secret) return std::string{};
    auto read = runtime::read_secret(secret->file);
    if (read) return *std::move(read);
    const std::string why = language::failure_words(read.error());
    end_at(
        visit,
        Stage::preparation,
        tr("the secret file {0} cannot be read: {1}", {secret->file, why})
    );
    return std::nullopt;
}

// One connection by libcurl, with the options that the gateway connects with.
class Session {
  public:
    enum class Purpose : std::uint8_t {
        visit,
        certificate,  // of the other end, whoever it is: nothing of this box is shown to it
    };

    Session(const Endpoint& endpoint, Steady::time_point end, Purpose purpose)
        : endpoint_(endpoint), end_(end) {
        static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
        error_ = initialised;
        handle_.reset(curl_easy_init());
        if (!handle_) throw std::bad_alloc();
        const auto left = std::chrono::ceil<milliseconds>(end - Steady::now()).count();
        set(CURLOPT_DEBUGFUNCTION, &look_for_alert);
        set(CURLOPT_DEBUGDATA, &alert_);
        set(CURLOPT_VERBOSE, 1L);
        set(CURLOPT_URL, url_of(endpoint).c_str());
        set(CURLOPT_PROTOCOLS_STR, endpoint.is_secure ? "https" : "http");
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_PROXY, proxy_of(endpoint).c_str());
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_QUICK_EXIT, 1L);  // a resolver that hangs is not waited for
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(left, 1)));
        set(CURLOPT_WRITEFUNCTION, &discard);
        set(CURLOPT_WRITEDATA, &received_);
        if (endpoint.is_secure) set_tls(purpose);
    }

    void set_login(const std::string& username, const std::string& password) {
        set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        set(CURLOPT_USERNAME, username.c_str());
        set(CURLOPT_PASSWORD, password.c_str());
    }
    void set_bearer(const std::string& token) {
        set(CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
        set(CURLOPT_XOAUTH2_BEARER, token.c_str());
    }
    void connect_only() {
        set(CURLOPT_CONNECT_ONLY, 1L);
        set(CURLOPT_SSL_ENABLE_ALPN, 0L);  // it is no HTTP
    }

    void perform(Visit& visit) {
        set(CURLOPT_HEADERFUNCTION, &look_for_date);
        set(CURLOPT_HEADERDATA, &visit);
        if (error_ == CURLE_OK) error_ = curl_easy_perform(handle_.get());
        const bool is_cut = error_ == CURLE_WRITE_ERROR && received_ > kBodyBytesMax;
        if (is_cut) error_ = CURLE_OK;
        visit.certificate = certificate();
        long status = 0;
        curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
        visit.http_status = static_cast<int>(status);
        if (error_ != CURLE_OK) explain(visit);
    }

    // After send() or receive() has failed.
    void explain_silence(Visit& visit) const {
        if (!alert_.empty()) return end_by_alert(visit);
        end_at(visit, Stage::answer, tr("no answer in time, or a cut connection"));
    }

    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            std::size_t sent = 0;
            const auto result = curl_easy_send(handle_.get(), bytes.data(), bytes.size(), &sent);
            if (result == CURLE_AGAIN && may_wait(POLLOUT)) continue;
            if (result != CURLE_OK) return false;
            bytes.remove_prefix(sent);
        }
        return true;
    }

    // Appends what has come; false when nothing more comes in time.
    bool receive(std::string& into) {
        std::array<char, 4096> room{};
        std::size_t size = 0;
        CURLcode result = CURLE_AGAIN;
        while (result == CURLE_AGAIN) {
            result = curl_easy_recv(handle_.get(), room.data(), room.size(), &size);
            if (result == CURLE_AGAIN && !may_wait(POLLIN)) return false;
        }
        into.append(room.data(), size);
        return result == CURLE_OK && size > 0;
    }

  private:
    template <class Value>
    void set(CURLoption option, Value value) {
        if (error_ == CURLE_OK) error_ = curl_easy_setopt(handle_.get(), option, value);
    }
    void set_if(CURLoption option, const std::string& value) {
        if (!value.empty()) set(option, value.c_str());
    }
    void set_tls(Purpose purpose) {
        const bool believes_anyone = purpose == Purpose::certificate;
        const settings::Tls& tls = endpoint_.tls;
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(CURLOPT_SSL_VERIFYPEER, believes_anyone ? 0L : 1L);
        set(CURLOPT_SSL_VERIFYHOST, believes_anyone ? 0L : 2L);
        set(CURLOPT_CERTINFO, 1L);
        if (!tls.ca_file.empty()) {
            set(CURLOPT_CAINFO, tls.ca_file.c_str());
            set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        }
        if (believes_anyone) return;
        set_if(CURLOPT_SSLCERT, tls.certificate_file);
        set_if(CURLOPT_SSLKEY, tls.key_file);
    }

    void end_by_alert(Visit& visit) const {
        end_at(visit, Stage::security, alert_);
        visit.is_alert = true;
    }

    double seconds_until(CURLINFO moment) const {
        double seconds = 0;
        curl_easy_getinfo(handle_.get(), moment, &seconds);
        return seconds;
    }

    std::optional<Certificate> certificate() const {
        constexpr std::string_view kPem = "Cert:";
        curl_certinfo* chain = nullptr;
        curl_easy_getinfo(handle_.get(), CURLINFO_CERTINFO, &chain);
        if (chain == nullptr || chain->num_of_certs == 0) return std::nullopt;
        for (const curl_slist* line = chain->certinfo[0]; line != nullptr; line = line->next) {
            const std::string_view text = line->data;
            if (!text.starts_with(kPem)) continue;
            auto found = read_certificates(text.substr(kPem.size()));
            if (!found.empty()) return std::move(found.front());
        }
        return std::nullopt;
    }

    Stage timed_out_stage() const {
        if (seconds_until(CURLINFO_NAMELOOKUP_TIME) == 0) return Stage::name;
        if (seconds_until(CURLINFO_CONNECT_TIME) == 0) return Stage::connection;
        const bool is_open = !endpoint_.is_secure || seconds_until(CURLINFO_APPCONNECT_TIME) > 0;
        return is_open ? Stage::answer : Stage::security;
    }

    Stage stage() const {
        switch (error_) {
            case CURLE_COULDNT_RESOLVE_HOST:
            case CURLE_COULDNT_RESOLVE_PROXY:
                return Stage::name;
            case CURLE_COULDNT_CONNECT:
            case CURLE_PROXY:
                return Stage::connection;
            case CURLE_OPERATION_TIMEDOUT:
                return timed_out_stage();
            case CURLE_SSL_CONNECT_ERROR:
            case CURLE_PEER_FAILED_VERIFICATION:
                return Stage::security;
            case CURLE_BAD_FUNCTION_ARGUMENT:
            case CURLE_FAILED_INIT:
            case CURLE_NOT_BUILT_IN:
            case CURLE_OUT_OF_MEMORY:
            case CURLE_SSL_CACERT_BADFILE:
            case CURLE_SSL_CERTPROBLEM:
            case CURLE_SSL_CIPHER:
            case CURLE_SSL_ENGINE_INITFAILED:
            case CURLE_SSL_ENGINE_NOTFOUND:
            case CURLE_SSL_ENGINE_SETFAILED:
            case CURLE_UNKNOWN_OPTION:
            case CURLE_URL_MALFORMAT:
                return Stage::preparation;
            default:  // it was reached, and then something else was wrong
                return Stage::answer;
        }
    }

    // The way through a proxy, which is asked by a CONNECT of HTTP.
    bool refused_by_proxy(Visit& visit) const {
        constexpr long kFault = 400;
        long status = 0;
        curl_easy_getinfo(handle_.get(), CURLINFO_HTTP_CONNECTCODE, &status);
        if (status < kFault) return false;
        visit.stage = Stage::connection;
        visit.reason = tr("the proxy answers HTTP {0}", {std::to_string(status)});
        return true;
    }

    void explain(Visit& visit) const {
        visit.stage = stage();
        if (refused_by_proxy(visit)) return;
        if (visit.stage == Stage::answer && visit.http_status > 0) {
            visit.stage = Stage::done;  // the rest of an answer says nothing
            return;
        }
        if (!alert_.empty()) return end_by_alert(visit);
        visit.is_timed_out = error_ == CURLE_OPERATION_TIMEDOUT;
        visit.reason = tr(forward::connection_failure(error_));
        if (error_ == CURLE_COULDNT_CONNECT) {
            long number = 0;
            curl_easy_getinfo(handle_.get(), CURLINFO_OS_ERRNO, &number);
            visit.is_refused = number == ECONNREFUSED;
            if (number != 0)
                visit.reason =
                    language::failure_words({static_cast<int>(number), std::system_category()});
        }
        if (error_ != CURLE_PEER_FAILED_VERIFICATION) return;
        curl_easy_getinfo(handle_.get(), CURLINFO_SSL_VERIFYRESULT, &visit.verdict);
        // libcurl compares the name itself, and leaves what it began with.
        visit.is_other_name = visit.verdict == X509_V_OK ||
                              visit.verdict == X509_V_ERR_UNSPECIFIED ||
                              visit.verdict == X509_V_ERR_HOSTNAME_MISMATCH;
        if (!visit.is_other_name) visit.reason = X509_verify_cert_error_string(visit.verdict);
    }

    bool may_wait(short events) const {
        const auto left = std::chrono::ceil<milliseconds>(end_ - Steady::now()).count();
        curl_socket_t socket = CURL_SOCKET_BAD;
        curl_easy_getinfo(handle_.get(), CURLINFO_ACTIVESOCKET, &socket);
        if (left <= 0 || socket == CURL_SOCKET_BAD) return false;
        pollfd waiting{socket, events, 0};
        return ::poll(&waiting, 1, static_cast<int>(left)) > 0;
    }

    const Endpoint& endpoint_;
    const Steady::time_point end_;
    std::string alert_;  // by the other end; outlives libcurl's handle
    std::unique_ptr<CURL, FreeHandle> handle_;
    CURLcode error_ = CURLE_OK;
    std::size_t received_ = 0;
};

Visit visit_recipient(const settings::HttpUplink& uplink, Session& session) {
    Visit visit;
    auto secret = read_secret(uplink.bearer_token ? uplink.bearer_token : uplink.password, visit);
    if (!secret) return visit;
    if (uplink.bearer_token) {
        session.set_bearer(*secret);
    } else if (uplink.password) {
        session.set_login(uplink.username, *secret);
    }
    runtime::wipe(*secret);
    session.perform(visit);
    return visit;
}

void greet(
    const settings::MqttClient& client, const std::string& greeting, Session& session, Visit& visit
) {
    std::string received;
    // What could not be sent may have been refused before: the reason is there to be read.
    static_cast<void>(session.send(greeting));
    while (visit.welcome == Welcome::incomplete) {
        if (!session.receive(received)) return session.explain_silence(visit);
        visit.welcome = read_welcome(client, received);
    }
    if (visit.welcome == Welcome::accepted) static_cast<void>(session.send(mqtt_farewell(client)));
}

Visit visit_broker(const settings::MqttClient& client, Session& session) {
    Visit visit;
    auto password = read_secret(client.password, visit);
    if (!password) return visit;
    std::string greeting = mqtt_greeting(client, *password);
    runtime::wipe(*password);
    session.connect_only();
    session.perform(visit);
    if (visit.stage == Stage::done) greet(client, greeting, session, visit);
    runtime::wipe(greeting);
    return visit;
}

// A certificate that was refused is fetched again, to say whose it is. Nothing is sent, and who is
// not believed is not shown the certificate of this box.
std::optional<Certificate> shown_certificate(const Endpoint& endpoint) {
    Session session(endpoint, Steady::now() + kSecondLookMax, Session::Purpose::certificate);
    session.connect_only();
    Visit visit;
    session.perform(visit);
    return visit.certificate;
}

}  // namespace

Visit visit(const Endpoint& endpoint) {
    Session session(endpoint, Steady::now() + kVisitTimeMax, Session::Purpose::visit);
    const auto* http = std::get_if<settings::HttpUplink>(&endpoint.way);
    Visit seen = http != nullptr
                     ? visit_recipient(*http, session)
                     : visit_broker(std::get<settings::MqttClient>(endpoint.way), session);
    const bool is_unseen =
        seen.stage == Stage::security && !seen.certificate && !seen.is_timed_out && !seen.is_alert;
    if (is_unseen) seen.certificate = shown_certificate(endpoint);
    return seen;
}

}  // namespace gateway::doctor
