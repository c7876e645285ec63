#pragma once
#include <string_view>

namespace gateway::doctor {

// The alert of TLS by which the other end refused, in OpenSSL's words, "tlsv13 alert certificate
// required"; empty if what libcurl says tells of none.
std::string_view alert_in(std::string_view words);

}  // namespace gateway::doctor
