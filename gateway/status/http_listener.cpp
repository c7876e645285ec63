#include "gateway/status/http_listener.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/status/content_policy.hpp"
#include "gateway/status/gzip.hpp"
#include "gateway/status/peer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>

namespace gateway::status {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

using Stream = beast::basic_stream<asio::generic::stream_protocol>;
using Parser = http::request_parser<http::empty_body>;
using Message = http::response<http::string_body>;

constexpr unsigned kClientError = 400;  // statuses from here on end the connection
constexpr std::string_view kNotAllowed =
    "only root, the gateway's own user and, for part of it, the group of [status] may ask this";
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

std::string_view view(beast::string_view text) {
    return {text.data(), text.size()};
}

template <class Name>
std::optional<std::string_view> find(const Parser& parser, Name name) {
    const auto& header = parser.get();
    const auto position = header.find(name);
    if (position == header.end()) return std::nullopt;
    return view(position->value());
}

bool has_body(const Parser& parser) {
    return parser.chunked() || parser.content_length().value_or(0) > 0;
}

// Exactly one Host, which HTTP/1.0 may leave out (RFC 9112 section 3.2).
bool has_valid_host(const Parser& parser) {
    constexpr unsigned kHttp11 = 11;
    const std::size_t hosts = parser.get().count(http::field::host);
    return hosts == 1 || (hosts == 0 && parser.get().version() < kHttp11);
}

// The answer to what could not be read as a request's header; nothing when nobody waits for one.
std::optional<Response> answer_to(error_code failure) {
    if (failure == http::error::header_limit || failure == http::error::buffer_overflow)
        return refuse(431, "header too large");
    if (failure == http::error::body_limit) return refuse(413, "content too large");
    const bool is_gone = failure == http::error::end_of_stream;
    if (is_gone || failure.category() != make_error_code(http::error::bad_method).category())
        return std::nullopt;
    return refuse(400, "bad request");
}

// Nothing may be loaded but what the answer holds, nothing may frame or keep it.
void set_protection(Message& message, const std::string& policy) {
    static const std::string strictest = content_policy({}, {});
    message.set("Content-Security-Policy", policy.empty() ? strictest : policy);
    message.set("X-Content-Type-Options", "nosniff");
    message.set("Cross-Origin-Opener-Policy", "same-origin");
    message.set("Cross-Origin-Resource-Policy", "same-origin");
    message.set("Referrer-Policy", "no-referrer");
    message.set(http::field::cache_control, "no-store");
}

Message to_message(Response response, bool keep_alive) {
    Message message;
    message.result(response.status);
    message.set(http::field::content_type, response.content_type);
    if (!response.allow.empty()) message.set(http::field::allow, response.allow);
    if (response.is_compressed) message.set(http::field::content_encoding, "gzip");
    set_protection(message, response.policy);
    message.keep_alive(keep_alive);
    if (response.events) return message;
    message.body() = std::move(response.body);
    message.prepare_payload();
    return message;
}

void compress(Response& response, const Parser& parser) {
    constexpr std::size_t kWorthwhile = 1024;
    if (response.body.size() < kWorthwhile) return;
    response.is_compressed = accepts_gzip(find(parser, http::field::accept_encoding).value_or(""));
    if (response.is_compressed) response.body = gzip(response.body);
}

}  // namespace

// One client, from its acceptance to its end.
class HttpListener::Connection {
  public:
    Connection(HttpListener& listener, Stream stream)
        : listener_(listener),
          stream_(std::move(stream)),
          in_crowd_(listener.connections_ >= kCrowd) {
        ++listener_.connections_;
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() {
        --listener_.connections_;
        if (has_large_body_) --listener_.large_bodies_;
        listener_.left_.cancel();
    }

    static asio::awaitable<void> serve(std::unique_ptr<Connection> connection) {
        for (bool goes_on = true; goes_on;) goes_on = co_await connection->answer_next();
        if (connection->has_unread_) co_await connection->part();
    }

  private:
    // Reads one request and answers it; false when the connection ends here.
    asio::awaitable<bool> answer_next() {
        Parser parser;
        parser.header_limit(kHeaderBytesMax);
        if (listener_.guarded_.control != nullptr) parser.body_limit(boost::none);  // by its path
        stream_.expires_after(in_crowd_ ? kRequestTimeoutInCrowd : kRequestTimeout);
        const auto [failure, size] =
            co_await http::async_read_header(stream_, buffer_, parser, kTuple);
        if (!failure && is_for_control(parser)) co_return co_await answer_control(parser);
        std::optional<Response> response = failure ? answer_to(failure) : answer(parser);
        if (!response) co_return false;
        has_unread_ = failure || has_body(parser);
        const auto events = response->events;
        const bool may_stay = !has_unread_ && !in_crowd_ && response->status < kClientError;
        const bool keep_alive = may_stay && !events && parser.get().keep_alive();
        const bool is_head = !failure && parser.get().method() == http::verb::head;
        Message message = to_message(std::move(*response), keep_alive);
        const bool sent = co_await send(message, is_head || events);
        if (sent && events && !is_head) co_await send_events(*events);
        co_return sent&& keep_alive;
    }

    // The end of the connection is the end of the body.
    asio::awaitable<void> send_events(EventStream& events) {
        for (;;) {
            stream_.expires_never();
            const auto event = co_await events.next();
            stream_.expires_after(events.patience());
            const auto [failure, size] =
                co_await asio::async_write(stream_, asio::buffer(*event), kTuple);
            if (failure) co_return;
        }
    }

    bool is_for_control(const Parser& parser) const {
        return listener_.guarded_.control != nullptr && parser.get().method() == http::verb::post;
    }

    // The one kind of request that has a body; it ends the connection.
    asio::awaitable<bool> answer_control(Parser& header) {
        const auto& [control, group] = listener_.guarded_;
        const Peer peer = peer_of(stream_.socket().native_handle(), group);
        const bool may_ask = peer.standing >= control->needed(view(header.get().target()));
        std::optional<Response> response = refuse(403, kNotAllowed);
        has_unread_ = true;
        if (may_ask) response = co_await ask_control(header);
        if (!response) co_return false;
        const auto events = response->events;
        Message message = to_message(std::move(*response), false);
        const bool sent = co_await send(message, events != nullptr);
        if (!sent || !events) co_return false;
        log_follower(peer);
        co_await send_events(*events);
        co_return false;
    }

    // Nothing: the client has left.
    asio::awaitable<std::optional<Response>> ask_control(Parser& header) {
        const std::string_view path = view(header.get().target());
        // One that does not say how long it is gets what any may have.
        const std::uint64_t announced = header.content_length().value_or(Control::kBodyBytesMax);
        if (header.content_length() && announced > listener_.guarded_.control->body_bytes_max(path))
            co_return refuse(413, "content too large");
        if (announced > Control::kBodyBytesMax && !take_large_body())
            co_return refuse(503, "another large request is being answered");
        http::request_parser<http::string_body> parser{std::move(header)};
        parser.body_limit(announced);
        const auto [failure, size] = co_await http::async_read(stream_, buffer_, parser, kTuple);
        if (failure) co_return answer_to(failure);
        has_unread_ = false;
        std::string target{view(parser.get().target())};
        std::string body = std::move(parser.get().body());
        Control& control = *listener_.guarded_.control;
        co_return co_await control.answer(std::move(target), std::move(body));
    }

    // Until the connection ends, which it does with the answer.
    bool take_large_body() {
        if (listener_.large_bodies_ >= kLargeBodiesMax) return false;
        ++listener_.large_bodies_;
        has_large_body_ = true;
        return true;
    }

    // Who sees readings is known afterwards.
    void log_follower(const Peer& peer) const {
        const std::string user = std::to_string(peer.user);
        const std::array<observe::Field, 1> fields{observe::Field{"user", user}};
        listener_.log_.write(
            observe::Level::info,
            "readings-followed",
            language::tr("Somebody on this machine follows the readings that are stored."),
            fields
        );
    }

    Response answer(const Parser& parser) const {
        if (!has_valid_host(parser)) return refuse(400, "bad request");
        Request request;
        request.method = view(parser.get().method_string());
        request.target = view(parser.get().target());
        request.host = find(parser, http::field::host);
        request.origin = find(parser, http::field::origin);
        request.last_event = find(parser, "Last-Event-ID");
        Response response = listener_.handler_(request);
        compress(response, parser);
        return response;
    }

    asio::awaitable<bool> send(Message& message, bool header_only) {
        http::response_serializer<http::string_body> serializer{message};
        stream_.expires_after(kAnswerTimeout);
        if (header_only) {
            const auto [failure, size] =
                co_await http::async_write_header(stream_, serializer, kTuple);
            co_return !failure;
        }
        const auto [failure, size] = co_await http::async_write(stream_, serializer, kTuple);
        co_return !failure;
    }

    // Takes what the client still sends: unread bytes at close() would make the kernel reset the
    // connection, and the client lose its answer.
    asio::awaitable<void> part() {
        constexpr std::size_t kPartingBytesMax = 64 * 1024;
        constexpr std::chrono::seconds kPartingTimeout{1};
        error_code ignored;
        stream_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
        stream_.expires_after(kPartingTimeout);
        std::array<char, 4096> rest{};
        for (std::size_t total = 0; total < kPartingBytesMax;) {
            const auto [failure, size] =
                co_await stream_.async_read_some(asio::buffer(rest), kTuple);
            if (failure) break;
            total += size;
        }
    }

    HttpListener& listener_;
    Stream stream_;
    beast::flat_buffer buffer_{kHeaderBytesMax + 1};
    const bool in_crowd_;
    bool has_unread_ = false;
    bool has_large_body_ = false;
};

HttpListener::HttpListener(
    ListeningSocket socket,
    Handler handler,
    runtime::TaskGroup& tasks,
    observe::Log& log,
    GuardedControl guarded
)
    : socket_(std::move(socket)),
      handler_(std::move(handler)),
      tasks_(tasks),
      log_(log),
      guarded_(guarded),
      left_(socket_.get_executor()) {}

asio::awaitable<void> HttpListener::run() {
    constexpr std::chrono::milliseconds kAcceptRetry{100};
    for (;;) {
        co_await wait_for_room();
        auto [failure, socket] = co_await socket_.async_accept(kTuple);
        if (!failure) {
            auto connection = std::make_unique<Connection>(*this, Stream{std::move(socket)});
            tasks_.spawn(Connection::serve(std::move(connection)));
            continue;
        }
        if (failure == asio::error::operation_aborted) co_return;
        log_.warning("status-accept-failed", language::tr("a connection could not be accepted"));
        asio::steady_timer pause{socket_.get_executor(), kAcceptRetry};
        co_await pause.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> HttpListener::wait_for_room() {
    while (connections_ >= kConnectionsMax) {
        error_code woken;
        left_.expires_at(asio::steady_timer::time_point::max());
        co_await left_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

}  // namespace gateway::status
