#include "gateway/cli/certificate_place.hpp"

#include "gateway/cli/command.hpp"
#include "gateway/cli/x509.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace gateway::cli {
namespace {

using language::tr;

// Where a character of UTF-8 begins.
bool is_lead(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
}

}  // namespace

DeviceCredentials::Files CertificatePlace::files() const {
    const std::string path = directory + '/' + name;
    return {path + ".crt", path + ".key"};
}

std::optional<CertificatePlace::Hindrance> CertificatePlace::hindrance() const {
    const auto characters = std::count_if(name.begin(), name.end(), is_lead);
    if (static_cast<std::size_t>(characters) > x509::kNameMax)
        return Hindrance{
            kExitUsage,
            tr("A certificate has no room for more than {0} characters of a name: choose a "
               "shorter one, or another proof with --with.",
               {std::to_string(x509::kNameMax)})};
    if (::access(directory.c_str(), W_OK | X_OK) != 0) {
        const std::string why = language::failure_words({errno, std::generic_category()});
        return Hindrance{
            kExitUnavailable,
            tr("Nothing can be written into {0}: {1}. Choose another directory with --into.",
               {directory, why})};
    }
    // A key is never replaced by accident.
    const auto wanted = files();
    for (const std::string& file : {wanted.certificate, wanted.key}) {
        if (::access(file.c_str(), F_OK) != 0) continue;
        return Hindrance{
            kExitNotDone,
            tr("{0} is there already: choose another directory with --into.", {file})};
    }
    return std::nullopt;
}

}  // namespace gateway::cli
