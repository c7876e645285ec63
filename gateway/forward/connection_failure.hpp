#pragma once

namespace gateway::forward {

// What libcurl could not do, by its CURLcode: a text that is translated where it is shown. Where it
// happens too seldom to have one, what libcurl says of it in English.
const char* connection_failure(int curl_code);

}  // namespace gateway::forward
