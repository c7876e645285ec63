#pragma once
#include "gateway/forward/batch_encoder.hpp"
#include "gateway/settings/settings.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace gateway::forward {

struct HttpAnswer {
    int status = 0;  // 0: none came
    std::optional<std::chrono::seconds> retry_after{};
    std::string failure{};            // why there is no status
    bool is_untimely = false;         // by our clock the recipient's certificate is not valid now
    bool credentials_unread = false;  // nothing was sent: a secret's file cannot be read
};

// Posts batches to one URL over a connection that is kept open. Everything but cancel() is called
// on one thread and blocks. The scheme of the URL is the only one that is spoken, certificates are
// always verified, redirects are not followed, and the body of an answer is thrown away: it might
// repeat what was sent.
class HttpClient {
  public:
    explicit HttpClient(const settings::HttpUplink& settings);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    HttpAnswer post(const EncodedBatch& batch);

    // From any thread: ends a post in progress within about a second, and every later one at once.
    void cancel() { cancelled_ = true; }

    static constexpr std::size_t kResponseBytesMax = 64 * 1024;  // then the connection is closed

    // `timeout` bounds how long nothing may move, so that a slow link that does move is not cut;
    // a post as a whole may take this many times as long.
    static constexpr int kPostTimeoutsMax = 20;

  private:
    class Session;
    settings::HttpUplink settings_;
    std::atomic<bool> cancelled_{false};
    std::unique_ptr<Session> session_;
};

}  // namespace gateway::forward
