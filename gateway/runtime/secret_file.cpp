#include "gateway/runtime/secret_file.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>

namespace gateway::runtime {

boost::system::result<std::string> read_secret(const std::string& file, std::size_t bytes_max) {
    struct Close {
        void operator()(std::FILE* stream) const { std::fclose(stream); }
    };
    const std::unique_ptr<std::FILE, Close> stream(std::fopen(file.c_str(), "rbe"));
    if (!stream) return boost::system::error_code(errno, boost::system::generic_category());
    std::string secret(bytes_max + 1, '\0');
    const std::size_t size = std::fread(secret.data(), 1, secret.size(), stream.get());
    if (std::ferror(stream.get()) != 0)
        return boost::system::errc::make_error_code(boost::system::errc::io_error);
    if (size > bytes_max)
        return boost::system::errc::make_error_code(boost::system::errc::file_too_large);
    secret.resize(size);
    secret.erase(secret.find_last_not_of("\r\n") + 1);
    if (secret.empty())
        return boost::system::errc::make_error_code(boost::system::errc::no_message_available);
    return secret;
}

}  // namespace gateway::runtime
