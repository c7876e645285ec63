#include "gateway/language/failure.hpp"

#include "gateway/language/translate.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace gateway::language {
namespace {

// Marks a text for the translators, as model::translatable.
consteval const char* translatable(const char* text) {
    return text;
}

// In English they are the C library's own.
constexpr std::array<std::pair<int, const char*>, 28> kTexts{{
    {EPERM, translatable("Operation not permitted")},
    {ENOENT, translatable("No such file or directory")},
    {EIO, translatable("Input/output error")},
    {ENOMEM, translatable("Cannot allocate memory")},
    {EACCES, translatable("Permission denied")},
    {EBUSY, translatable("Device or resource busy")},
    {EEXIST, translatable("File exists")},
    {ENODEV, translatable("No such device")},
    {ENOTDIR, translatable("Not a directory")},
    {EISDIR, translatable("Is a directory")},
    {EINVAL, translatable("Invalid argument")},
    {EMFILE, translatable("Too many open files")},
    {EFBIG, translatable("File too large")},
    {ENOSPC, translatable("No space left on device")},
    {EROFS, translatable("Read-only file system")},
    {ENAMETOOLONG, translatable("File name too long")},
    {ELOOP, translatable("Too many levels of symbolic links")},
    {ENODATA, translatable("No data available")},
    {EPROTO, translatable("Protocol error")},
    {EBADMSG, translatable("Bad message")},
    {EADDRINUSE, translatable("Address already in use")},
    {EADDRNOTAVAIL, translatable("Cannot assign requested address")},
    {ENETUNREACH, translatable("Network is unreachable")},
    {ECONNRESET, translatable("Connection reset by peer")},
    {ETIMEDOUT, translatable("Connection timed out")},
    {ECONNREFUSED, translatable("Connection refused")},
    {EHOSTUNREACH, translatable("No route to host")},
    {EDQUOT, translatable("Disk quota exceeded")},
}};

}  // namespace

std::string failure_words(const std::error_code& failure) {
    const bool is_system = failure.category() == std::system_category() ||
                           failure.category() == std::generic_category();
    const auto* const text = std::find_if(kTexts.begin(), kTexts.end(), [&](const auto& known) {
        return known.first == failure.value();
    });
    if (is_system && text != kTexts.end()) return tr(text->second);
    return failure.message();
}

}  // namespace gateway::language
