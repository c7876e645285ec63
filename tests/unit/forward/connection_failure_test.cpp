#include "gateway/forward/connection_failure.hpp"

#include "gateway/buffer/error.hpp"
#include "gateway/language/translate.hpp"

#include <catch2/catch.hpp>
#include <curl/curl.h>

#include <cstdlib>
#include <string>

using namespace gateway;

namespace {

std::string in(const char* language, const auto& what) {
    setenv("PASSERELLE_LOCALEDIR", PASSERELLE_LOCALEDIR, 1);
    language::choose(language);
    std::string said = what();
    language::choose("en");
    return said;
}

}  // namespace

TEST_CASE("what keeps an uplink from its server is said in the language of the page", "[forward]") {
    for (const CURLcode code :
         {CURLE_COULDNT_RESOLVE_HOST,
          CURLE_COULDNT_RESOLVE_PROXY,
          CURLE_COULDNT_CONNECT,
          CURLE_OPERATION_TIMEDOUT,
          CURLE_SSL_CONNECT_ERROR,
          CURLE_PEER_FAILED_VERIFICATION,
          CURLE_SSL_CERTPROBLEM,
          CURLE_SSL_CACERT_BADFILE,
          CURLE_GOT_NOTHING,
          CURLE_SEND_ERROR,
          CURLE_RECV_ERROR,
          CURLE_PARTIAL_FILE,
          CURLE_UNSUPPORTED_PROTOCOL,
          CURLE_WEIRD_SERVER_REPLY,
          CURLE_PROXY}) {
        INFO(code);
        const auto said = [&] { return language::tr(forward::connection_failure(code)); };
        CHECK(in("fr", said) != in("en", said));
    }
    CHECK(
        std::string(forward::connection_failure(CURLE_FTP_ACCEPT_FAILED)) ==
        curl_easy_strerror(CURLE_FTP_ACCEPT_FAILED)
    );
}

TEST_CASE("what the store failed of is said in the language of the page", "[forward]") {
    for (int code = 1; code <= static_cast<int>(buffer::Errc::keys_missing); ++code) {
        const auto said = [&] { return buffer::error_category().message(code); };
        INFO(code << in("en", said));
        CHECK(in("fr", said) != in("en", said));
        CHECK(in("en", said) != in("en", [] { return buffer::error_category().message(99); }));
    }
}
