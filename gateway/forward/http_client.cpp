#include "gateway/forward/http_client.hpp"

#include "gateway/forward/connection_failure.hpp"
#include "gateway/forward/digest.hpp"
#include "gateway/model/message.hpp"
#include "gateway/runtime/secret_file.hpp"

#include <curl/curl.h>
#include <openssl/x509_vfy.h>

#include <new>
#include <string_view>

namespace gateway::forward {

namespace {

constexpr const char* kUserAgent = "passerelle/" PASSERELLE_VERSION;

struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

// Request headers as libcurl wants them; an empty value is left out.
class Headers {
  public:
    Headers() = default;
    ~Headers() { curl_slist_free_all(list_); }
    Headers(const Headers&) = delete;
    Headers& operator=(const Headers&) = delete;

    void add(const char* name, std::string_view value) {
        if (value.empty()) return;
        const std::string line = std::string(name).append(": ").append(value);
        curl_slist* longer = curl_slist_append(list_, line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        list_ = longer;
    }

    curl_slist* get() const { return list_; }

  private:
    curl_slist* list_ = nullptr;
};

void fill(Headers& headers, const EncodedBatch& batch) {
    headers.add("Content-Type", batch.content_type);
    headers.add("Content-Encoding", batch.content_encoding);
    headers.add("Content-Digest", "sha-256=:" + to_base64(sha256(batch.body)) + ":");
    headers.add("Idempotency-Key", batch.id);
}

std::size_t discard(const char* /*bytes*/, std::size_t size, std::size_t count, void* received) {
    auto& total = *static_cast<std::size_t*>(received);
    total += size * count;
    return total > HttpClient::kResponseBytesMax ? 0 : size * count;
}

int stop_if_cancelled(
    void* cancelled,
    curl_off_t /*download_expected*/,
    curl_off_t /*downloaded*/,
    curl_off_t /*upload_expected*/,
    curl_off_t /*uploaded*/
) {
    return static_cast<const std::atomic<bool>*>(cancelled)->load() ? 1 : 0;
}

// Why a certificate was refused, where that depends on what time it is; otherwise null.
const char* untimely(CURL* handle) {
    long verdict = X509_V_OK;
    curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, &verdict);
    if (verdict == X509_V_ERR_CERT_NOT_YET_VALID)
        return model::translatable("the recipient's certificate is not valid yet");
    if (verdict == X509_V_ERR_CERT_HAS_EXPIRED)
        return model::translatable("the recipient's certificate has expired");
    return nullptr;
}

bool requires_tls(const settings::HttpUplink& settings) {
    return settings.tls.enabled || settings.url.starts_with("https://");
}

}  // namespace

// One libcurl handle. The first option that cannot be set is remembered and keeps every request
// from being made: nothing is ever sent with less protection than configured.
class HttpClient::Session {
  public:
    Session(const settings::HttpUplink& settings, const std::atomic<bool>& cancelled);

    void set_credentials(const std::string& username, const std::string& password);
    void set_bearer(const std::string& token);
    HttpAnswer post(const EncodedBatch& batch);

  private:
    template <class Value>
    void set(CURLoption option, Value value) {
        if (error_ == CURLE_OK) error_ = curl_easy_setopt(handle_.get(), option, value);
    }
    void set_if(CURLoption option, const std::string& value) {
        if (!value.empty()) set(option, value.c_str());
    }
    void set_transport(const settings::HttpUplink& settings);
    void set_tls(const settings::Tls& tls);
    HttpAnswer answer_of(CURLcode result);

    std::unique_ptr<CURL, FreeHandle> handle_;
    CURLcode error_ = CURLE_OK;
    std::size_t received_ = 0;
};

HttpClient::Session::Session(
    const settings::HttpUplink& settings, const std::atomic<bool>& cancelled
) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    error_ = initialised;
    handle_.reset(curl_easy_init());
    if (!handle_) throw std::bad_alloc();
    set(CURLOPT_URL, settings.url.c_str());
    set(CURLOPT_USERAGENT, kUserAgent);
    set(CURLOPT_WRITEFUNCTION, &discard);
    set(CURLOPT_WRITEDATA, &received_);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &stop_if_cancelled);
    set(CURLOPT_XFERINFODATA, &cancelled);
    set_transport(settings);
    if (requires_tls(settings)) set_tls(settings.tls);
}

void HttpClient::Session::set_transport(const settings::HttpUplink& settings) {
    const auto timeout = static_cast<long>(settings.timeout.count());
    set(CURLOPT_PROTOCOLS_STR, requires_tls(settings) ? "https" : "http");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, settings.proxy.c_str());  // empty: none, whatever the environment says
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_CONNECTTIMEOUT, timeout);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, timeout);
    set(CURLOPT_TIMEOUT, timeout * kPostTimeoutsMax);
}

void HttpClient::Session::set_tls(const settings::Tls& tls) {
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!tls.ca_file.empty()) {
        set(CURLOPT_CAINFO, tls.ca_file.c_str());
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // the city's authority alone
    }
    set_if(CURLOPT_SSLCERT, tls.certificate_file);
    set_if(CURLOPT_SSLKEY, tls.key_file);
}

void HttpClient::Session::set_credentials(
    const std::string& username, const std::string& password
) {
    set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    set(CURLOPT_USERNAME, username.c_str());
    set(CURLOPT_PASSWORD, password.c_str());
}

void HttpClient::Session::set_bearer(const std::string& token) {
    set(CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    set(CURLOPT_XOAUTH2_BEARER, token.c_str());
}

HttpAnswer HttpClient::Session::post(const EncodedBatch& batch) {
    Headers headers;
    fill(headers, batch);
    received_ = 0;
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_POSTFIELDS, batch.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(batch.body.size()));
    const CURLcode result = error_ == CURLE_OK ? curl_easy_perform(handle_.get()) : error_;
    set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    set(CURLOPT_POSTFIELDS, static_cast<const char*>(nullptr));
    return answer_of(result);
}

HttpAnswer HttpClient::Session::answer_of(CURLcode result) {
    HttpAnswer answer;
    // An answer that goes on for too long is cut by us; its status counts all the same.
    const bool cut = result == CURLE_WRITE_ERROR && received_ > kResponseBytesMax;
    if (result != CURLE_OK && !cut) {
        const char* const when = untimely(handle_.get());
        answer.is_untimely = when != nullptr;
        answer.failure = answer.is_untimely ? when : connection_failure(result);
        return answer;
    }
    long status = 0;
    curl_off_t retry_after = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &retry_after);
    answer.status = static_cast<int>(status);
    if (retry_after > 0) answer.retry_after = std::chrono::seconds{retry_after};
    return answer;
}

HttpClient::HttpClient(const settings::HttpUplink& settings)
    : settings_(settings), session_(std::make_unique<Session>(settings_, cancelled_)) {}

HttpClient::~HttpClient() = default;

HttpAnswer HttpClient::post(const EncodedBatch& batch) {
    HttpAnswer unread;
    unread.credentials_unread = true;
    if (settings_.bearer_token) {
        const auto token = runtime::read_secret(settings_.bearer_token->file);
        if (!token) return unread;
        session_->set_bearer(*token);
    } else if (settings_.password) {
        const auto password = runtime::read_secret(settings_.password->file);
        if (!password) return unread;
        session_->set_credentials(settings_.username, *password);
    }
    return session_->post(batch);
}

}  // namespace gateway::forward
