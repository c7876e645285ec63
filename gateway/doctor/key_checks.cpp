#include "gateway/doctor/key_checks.hpp"

#include "gateway/anonymise/secret_key.hpp"
#include "gateway/doctor/access.hpp"
#include "gateway/doctor/directory.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/key_text.hpp"
#include "gateway/runtime/secret_file.hpp"
#include "gateway/runtime/wipe.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>
#include <vector>

namespace gateway::doctor {
namespace {

namespace fs = std::filesystem;
using language::tr;
using settings::KeyProtection;

constexpr const char* kCode = "keys";
constexpr std::size_t kFilesMax = 100'000;  // a key for each dataset and day, for years
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

// What lies in the directory of the keys.
struct KeyFiles {
    std::size_t plain = 0;
    std::size_t wrapped = 0;
    std::string open;        // the first that others may read; empty: none
    std::string unreadable;  // the first that the gateway may not read; empty: none
};

bool is_key(const std::string& name) {
    constexpr std::string_view kWrapped = ".wrapped";
    const std::string_view stem =
        name.ends_with(kWrapped) ? std::string_view(name).substr(0, name.size() - kWrapped.size())
                                 : std::string_view(name);
    return stem.ends_with(".key") || stem.ends_with(".window") || stem.ends_with(".segment");
}

// An error: the directory cannot be read.
std::error_code count(const std::string& directory, const Account& account, KeyFiles& found) {
    std::vector<std::string> paths;
    const auto failure = for_each_entry_below(directory, kFilesMax, [&](const fs::path& entry) {
        const std::string path = entry.string();
        struct stat status {};
        if (!is_key(entry.filename().string()) || ::stat(path.c_str(), &status) != 0) return;
        ++(path.ends_with(".wrapped") ? found.wrapped : found.plain);
        if (found.open.empty() && (status.st_mode & kOthers) != 0) found.open = path;
        paths.push_back(path);
    });
    if (const auto first = first_forbidden(account, paths, R_OK)) found.unreadable = paths[*first];
    return failure;
}

Check missing(const std::string& directory, const std::string& database) {
    struct stat status {};
    if (::stat(database.c_str(), &status) != 0 || status.st_size == 0)
        return skipped(kCode, tr("There are no keys yet in {0}.", {directory}));
    return {
        kCode,
        Severity::failure,
        tr("There is a buffer {0}, but no key in {1}.", {database, directory}),
        tr("What waits in the buffer cannot be opened any more, and devices get other pseudonyms."),
        tr("look whether 'state_directory' is another one than before, or its disk is not mounted; "
           "put the directory back from its backup before the gateway starts")};
}

Check exposed(const std::string& path, const std::string& directory) {
    return {
        kCode,
        Severity::failure,
        tr("Others than the owner can read the key {0}.", {path}),
        tr("The gateway refuses the key; who has it can tell who is behind a pseudonym."),
        tr("run: chmod -R go= {0}", {directory})};
}

Check unreadable(const std::string& path, const std::string& directory, const Account& account) {
    return {
        kCode,
        Severity::failure,
        tr("The account {0} cannot read the key {1}.", {account.name, path}),
        tr("The gateway does not start."),
        tr("run: chown -R {0} {1}", {account.name, directory})};
}

Check kept(
    const settings::Settings& settings, const std::string& directory, const Account& account
) {
    struct stat status {};
    if (is_hidden(account, directory))
        return skipped(
            kCode,
            tr("Only root sees what may be done with {0}: run the doctor as root.", {directory})
        );
    if (::stat(directory.c_str(), &status) != 0) return missing(directory, settings.buffer.path);
    KeyFiles found;
    if (count(directory, account, found)) {
        return ::geteuid() == account.user
                   ? unreadable(directory + "/*", directory, account)
                   : skipped(
                         kCode, tr("You may not read {0}: run the doctor as root.", {directory})
                     );
    }
    if (found.plain + found.wrapped == 0) return missing(directory, settings.buffer.path);
    if ((status.st_mode & kOthers) != 0 && found.open.empty()) found.open = directory + "/";
    if (!found.open.empty()) return exposed(found.open, directory);
    if (!found.unreadable.empty()) return unreadable(found.unreadable, directory, account);
    if (found.wrapped > 0 && settings.privacy.keys == KeyProtection::file) {
        return {
            kCode,
            Severity::failure,
            tr("{0} keys in {1} are wrapped, but the configuration says keys = \"file\".",
               {std::to_string(found.wrapped), directory}),
            tr("The gateway cannot read them and does not start."),
            tr("write the 'keys' and 'wrapping_key' in [privacy] that they were wrapped with")};
    }
    return in_order(
        kCode,
        tr("There are {0} keys in {1}, for their owner alone.",
           {std::to_string(found.plain + found.wrapped), directory})
    );
}

Check unusable(const std::string& finding) {
    return {
        "wrapping-key",
        Severity::failure,
        finding,
        tr("The gateway does not start: without it no key can be read."),
        tr("put the key back from where it is kept; a new one opens nothing that the former one "
           "has closed")};
}

Check key_in(const std::string& file) {
    constexpr const char* kKey = "wrapping-key";
    const bool is_credential = file.starts_with("/run/credentials/");
    if (is_credential && ::access(file.c_str(), F_OK) != 0)
        return skipped(kKey, tr("{0} is there only while the service runs.", {file}));
    const bool is_there = ::access(file.c_str(), F_OK) == 0;
    if (is_hidden(own_account(), file) || (is_there && !may(own_account(), file, R_OK)))
        return skipped(kKey, tr("You may not read {0}: run the doctor as root.", {file}));
    auto secret = runtime::read_secret(file);
    if (!secret)
        return unusable(
            tr("The wrapping key {0} cannot be read: {1}",
               {file, language::failure_words(secret.error())})
        );
    anonymise::Key key;
    const bool is_whole = runtime::parse_key(*secret, key.bytes());
    runtime::wipe(*secret);
    if (!is_whole) return unusable(tr("{0} is no wrapping key: 32 bytes in base64.", {file}));
    return in_order(kKey, tr("The wrapping key {0} is there.", {file}));
}

Check wrapping_key(const settings::Settings& settings, const std::string& directory) {
    constexpr const char* kKey = "wrapping-key";
    switch (settings.privacy.keys) {
        case KeyProtection::file:
            return skipped(kKey, tr("The keys lie there as they are (keys = \"file\")."));
        case KeyProtection::wrapped:
            return key_in(settings.privacy.wrapping_key.value_or(settings::Secret{}).file);
        case KeyProtection::tpm2:
            break;
    }
    struct stat keys {};
    if (::stat(directory.c_str(), &keys) != 0)
        return skipped(kKey, tr("There are no keys yet in {0}.", {directory}));
    const std::string sealed = directory + "/wrapping.cred";
    if (::access(sealed.c_str(), F_OK) != 0)
        return unusable(tr("The sealed wrapping key {0} is missing.", {sealed}));
    if (::access("/dev/tpmrm0", F_OK) != 0)
        return unusable(tr("The kernel shows no TPM (/dev/tpmrm0), which keeps the wrapping key."));
    return in_order(kKey, tr("The sealed wrapping key {0} is there, and a TPM.", {sealed}));
}

}  // namespace

Checks check_keys(const settings::Settings& settings, const Account& account) {
    const std::string directory = settings.gateway.state_directory + "/keys";
    return {kept(settings, directory, account), wrapping_key(settings, directory)};
}

}  // namespace gateway::doctor
