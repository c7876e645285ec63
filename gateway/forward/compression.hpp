#pragma once
#include "gateway/settings/settings.hpp"

#include <string>

namespace gateway::forward {

// The bytes as a content coding of the batch contract: zstd (RFC 8878) at level 1, gzip (RFC 1952)
// without a time stamp, or as they are. The same bytes always give the same result with the same
// version of the library.
std::string compress(std::string bytes, settings::Compression compression);

// "zstd" or "gzip"; empty for none.
const char* content_encoding(settings::Compression compression);

// Which library, in which version: other versions may write other bytes.
std::string compressor_version(settings::Compression compression);

}  // namespace gateway::forward
