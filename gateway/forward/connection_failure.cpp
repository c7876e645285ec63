#include "gateway/forward/connection_failure.hpp"

#include "gateway/model/message.hpp"

#include <curl/curl.h>

namespace gateway::forward {

const char* connection_failure(int curl_code) {
    using model::translatable;
    switch (curl_code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return translatable("the name of the server cannot be resolved");
        case CURLE_COULDNT_RESOLVE_PROXY:
            return translatable("the name of the proxy cannot be resolved");
        case CURLE_COULDNT_CONNECT:
            return translatable("the server cannot be reached");
        case CURLE_OPERATION_TIMEDOUT:
            return translatable("no answer in time");
        case CURLE_SSL_CONNECT_ERROR:
            return translatable("the server and the gateway cannot agree on TLS");
        case CURLE_PEER_FAILED_VERIFICATION:
            return translatable("the certificate of the server is not trusted");
        case CURLE_SSL_CERTPROBLEM:
            return translatable("certificate_file or key_file cannot be used");
        case CURLE_SSL_CACERT_BADFILE:
            return translatable("ca_file cannot be used");
        case CURLE_GOT_NOTHING:
            return translatable("the server ended the connection without an answer");
        case CURLE_SEND_ERROR:
            return translatable("the connection was lost while sending");
        case CURLE_RECV_ERROR:
            return translatable("the connection was lost before the answer");
        case CURLE_PARTIAL_FILE:
            return translatable("the answer of the server was cut short");
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
            return translatable("what answers there does not speak HTTP");
        case CURLE_PROXY:
            return translatable("the proxy refuses the connection");
        default:
            return curl_easy_strerror(static_cast<CURLcode>(curl_code));
    }
}

}  // namespace gateway::forward
