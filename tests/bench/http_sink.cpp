// A recipient that costs as little as possible: answers 200 to every POST and throws the body away.
// For measuring how fast an uplink drains; whether what arrives is right is the business of
// tests/support/city_receiver.py.
//   http_sink [port]    prints the port it listens on; ends with SIGTERM
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <cstdio>
#include <cstdlib>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::uint64_t kBodyBytesMax = 64ULL << 20;

void serve(asio::ip::tcp::socket& socket) {
    boost::beast::flat_buffer buffer;
    boost::system::error_code failure;
    while (!failure) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(kBodyBytesMax);
        http::read(socket, buffer, parser, failure);
        if (failure) return;
        http::response<http::empty_body> response{http::status::ok, 11};
        response.content_length(0);
        http::write(socket, response, failure);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0);
    asio::io_context context{1};
    asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), port});
    std::printf("%u\n", static_cast<unsigned>(acceptor.local_endpoint().port()));
    std::fflush(stdout);
    while (true) {
        asio::ip::tcp::socket socket(context);
        acceptor.accept(socket);
        serve(socket);
    }
}
