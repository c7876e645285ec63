#include "gateway/status/gzip.hpp"

#include <zlib.h>

#include <new>

namespace gateway::status {

bool accepts_gzip(std::string_view accept_encoding) {
    constexpr std::string_view kName = "gzip";
    const std::size_t at = accept_encoding.find(kName);
    if (at == std::string_view::npos) return false;
    std::string weight;
    for (const char c : accept_encoding.substr(at + kName.size())) {
        if (c == ',') break;
        if (c != ' ' && c != '\t') weight += c;
    }
    constexpr std::string_view kWeight = ";q=";
    if (!weight.starts_with(kWeight)) return true;
    return weight.find_first_not_of("0.", kWeight.size()) != std::string::npos;
}

std::string gzip(std::string_view text) {
    constexpr int kGzipFormat = 16 + MAX_WBITS;
    constexpr int kMemoryLevel = 8;
    z_stream stream{};
    const int opened = deflateInit2(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipFormat, kMemoryLevel, Z_DEFAULT_STRATEGY
    );
    if (opened != Z_OK) throw std::bad_alloc{};
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);  // all at once, since the room is enough for anything
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

}  // namespace gateway::status
