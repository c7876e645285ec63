// A recipient that costs little: answers 200 to every POST of a batch and counts what came; 409 to
// a batch it has, 400 to one it cannot read. Whether what arrives is right in every field is the
// business of tests/support/city_receiver.py.
//   http_sink [port]    prints the port it listens on; ends with SIGTERM
//   GET /               the counts, as JSON
//   GET /readings       which readings came, a line for each device and quantity
#include "tests/bench/load/batch_tally.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

constexpr std::uint64_t kBodyBytesMax = 64ULL << 20;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

std::int64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

class Sink {
  public:
    Sink(asio::io_context& context, std::uint16_t port)
        : context_(context), acceptor_(context, {asio::ip::address_v4::loopback(), port}) {}

    unsigned port() const { return acceptor_.local_endpoint().port(); }

    asio::awaitable<void> run() {
        while (true) {
            auto [failure, socket] = co_await acceptor_.async_accept(kTuple);
            if (failure) co_return;
            asio::co_spawn(context_, serve(std::move(socket)), on_end);
        }
    }

  private:
    static void on_end(std::exception_ptr failure) {
        if (failure) std::terminate();
    }

    asio::awaitable<void> serve(tcp::socket socket) {
        boost::beast::flat_buffer buffer;
        while (true) {
            http::request_parser<http::string_body> parser;
            parser.body_limit(kBodyBytesMax);
            const auto [failure, size] = co_await http::async_read(socket, buffer, parser, kTuple);
            if (failure) co_return;
            Response response = answer(parser.get());
            const auto [unsent, written] = co_await http::async_write(socket, response, kTuple);
            if (unsent) co_return;
        }
    }

    Response answer(const Request& request) {
        Response response{http::status::ok, request.version()};
        if (request.method() == http::verb::post) {
            response.result(verdict_on(request));
        } else if (request.target() == "/readings") {
            response.body() = tally_.readings_by_device();
        } else {
            response.body() = tally_.to_json();
        }
        response.prepare_payload();
        return response;
    }

    http::status verdict_on(const Request& request) {
        using Verdict = bench::BatchTally::Verdict;
        const auto key = request["Idempotency-Key"];
        const auto verdict = tally_.take({key.data(), key.size()}, request.body(), now_ms());
        if (verdict == Verdict::taken) return http::status::ok;
        return verdict == Verdict::repeated ? http::status::conflict : http::status::bad_request;
    }

    asio::io_context& context_;
    tcp::acceptor acceptor_;
    bench::BatchTally tally_{now_ms()};
};

}  // namespace

int main(int argc, char** argv) {
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0);
    asio::io_context context{1};
    asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code&, int) { context.stop(); });
    Sink sink(context, port);
    std::printf("%u\n", sink.port());
    std::fflush(stdout);
    asio::co_spawn(context, sink.run(), [](std::exception_ptr failure) {
        if (failure) std::terminate();
    });
    context.run();
    return 0;
}
