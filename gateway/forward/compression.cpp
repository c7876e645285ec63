#include "gateway/forward/compression.hpp"

#include <zlib.h>
#include <zstd.h>

#include <new>

namespace gateway::forward {

namespace {

constexpr int kZstdLevel = 1;  // higher levels never paid on columns of differences

std::string zstd(const std::string& bytes) {
    std::string frame(ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size =
        ZSTD_compress(frame.data(), frame.size(), bytes.data(), bytes.size(), kZstdLevel);
    if (ZSTD_isError(size) != 0) throw std::bad_alloc();  // the bound leaves no other reason
    frame.resize(size);
    return frame;
}

std::string gzip(std::string& bytes) {
    constexpr int kGzipWindow = 15 + 16;  // zlib's way to ask for a gzip header
    constexpr int kMemoryLevel = 8;
    z_stream stream{};
    if (deflateInit2(
            &stream,
            Z_DEFAULT_COMPRESSION,
            Z_DEFLATED,
            kGzipWindow,
            kMemoryLevel,
            Z_DEFAULT_STRATEGY
        ) != Z_OK) {
        throw std::bad_alloc();
    }
    std::string member(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(member.data());
    stream.avail_out = static_cast<uInt>(member.size());
    deflate(&stream, Z_FINISH);  // one call suffices: the bound holds the whole member
    member.resize(stream.total_out);
    deflateEnd(&stream);
    return member;
}

}  // namespace

std::string compress(std::string bytes, settings::Compression compression) {
    switch (compression) {
        case settings::Compression::none:
            break;
        case settings::Compression::gzip:
            return gzip(bytes);
        case settings::Compression::zstd:
            return zstd(bytes);
    }
    return bytes;
}

const char* content_encoding(settings::Compression compression) {
    switch (compression) {
        case settings::Compression::none:
            break;
        case settings::Compression::gzip:
            return "gzip";
        case settings::Compression::zstd:
            return "zstd";
    }
    return "";
}

std::string compressor_version(settings::Compression compression) {
    switch (compression) {
        case settings::Compression::none:
            break;
        case settings::Compression::gzip:
            return std::string("zlib ") + zlibVersion();
        case settings::Compression::zstd:
            return std::string("zstd ") + ZSTD_versionString();
    }
    return "none";
}

}  // namespace gateway::forward
