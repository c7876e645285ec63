#include "gateway/status/content_policy.hpp"

#include "gateway/status/gzip.hpp"

#include <catch2/catch.hpp>
#include <zlib.h>

using namespace gateway;

TEST_CASE("a policy allows what is inline by its SHA-256", "[status]") {
    // FIPS 180-2, appendix B.1.
    CHECK(
        status::content_policy("abc", "") ==
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "style-src 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"
    );
    const std::string strictest = status::content_policy("", "");
    CHECK(strictest.find("-src '") == strictest.find("-src 'none'"));
    CHECK(strictest.find("form-action 'none'") != std::string::npos);
    const std::string with_form = status::content_policy("", "", status::Forms::here);
    CHECK(with_form.find("; form-action 'self'; frame-ancestors 'none'") != std::string::npos);
    CHECK(status::content_policy("", "abc").find("connect-src 'self'") != std::string::npos);
}

TEST_CASE("the style of a page is what stands between its tags", "[status]") {
    CHECK(status::inline_style("<head><style>\na{}\n</style></head>") == "\na{}\n");
    CHECK(status::inline_style("<head></head>").empty());
    CHECK(status::inline_style("<style>a{}").empty());
}

TEST_CASE("a client says whether it takes gzip", "[status]") {
    for (const char* header :
         {"gzip", "gzip, deflate, br", "deflate, gzip;q=1.0", "gzip; q=0.5", "gzip;q=0.5, br;q=0"})
        CHECK(status::accepts_gzip(header));
    for (const char* header : {"", "identity", "br", "gzip;q=0", "gzip; q=0", "gzip;q=0.0, br"})
        CHECK_FALSE(status::accepts_gzip(header));
}

TEST_CASE("what is compressed is smaller and comes out as it was", "[status]") {
    std::string text;
    for (int i = 0; i < 5'000; ++i) text += "<td>" + std::to_string(i * 7'919) + "</td>";
    const std::string packed = status::gzip(text);
    CHECK(packed.size() < text.size() / 2);
    std::string out(text.size(), '\0');
    z_stream stream{};
    constexpr int kGzipFormat = 16 + MAX_WBITS;
    REQUIRE(inflateInit2(&stream, kGzipFormat) == Z_OK);
    std::string in = packed;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    inflateEnd(&stream);
    CHECK(out == text);
}
