#include "gateway/cli/device_authority.hpp"

#include "gateway/cli/credential_file.hpp"
#include "gateway/model/time.hpp"
#include "gateway/runtime/replace_file.hpp"
#include "gateway/runtime/secret_file.hpp"
#include "gateway/runtime/wipe.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace gateway::cli {
namespace {

using std::chrono::days;

constexpr days kAuthorityDays{20 * 365};
constexpr days kDeviceDays{10 * 365};
constexpr mode_t kPublic = 0644;
constexpr mode_t kSecret = 0600;

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

// As its parent's owner can use it, also where root makes it.
model::Result<void> make_directory(const std::string& directory) {
    const auto parent = directory.substr(0, directory.rfind('/'));
    struct stat owner {};
    if (::stat(parent.c_str(), &owner) != 0) return last_error();
    constexpr mode_t kOwnerOnly = 0700;
    if (::mkdir(directory.c_str(), kOwnerOnly) != 0) {
        if (errno != EEXIST) return last_error();
        struct stat there {};
        if (::lstat(directory.c_str(), &there) != 0) return last_error();
        if (!S_ISDIR(there.st_mode)) return make_error_code(boost::system::errc::not_a_directory);
        return {};
    }
    // Never through a link, and only what was made here: the parent is not root's.
    if (::geteuid() == 0 && ::lchown(directory.c_str(), owner.st_uid, owner.st_gid) != 0)
        return last_error();
    if (const auto failure = runtime::sync_directory(parent)) return failure;
    return {};
}

model::Result<void> write(const std::string& file, const std::string& content, mode_t mode) {
    if (const auto failure = runtime::replace_file_for_its_owner(file, content, mode))
        return failure;
    return {};
}

// As much of the gateway's name as a certificate has room for.
std::string authority_name(std::string_view gateway) {
    const std::string name = "Passerelle devices of " + std::string(gateway);
    return name.substr(0, x509::kNameMax);
}

std::string expiry_after(days lifetime) {
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return model::to_rfc3339(now + lifetime);
}

}  // namespace

bool DeviceAuthority::exists() const {
    return ::access((directory_ + "/ca.key").c_str(), F_OK) == 0;
}

model::Result<CredentialFile> DeviceAuthority::open_book() const {
    return CredentialFile::open(directory_ + "/issued");
}

model::Result<void> DeviceAuthority::make(std::string_view gateway) const {
    if (const auto made = make_directory(directory_); !made) return made;
    const auto book = open_book();
    if (!book) return book.error();
    if (exists()) return make_error_code(boost::system::errc::file_exists);
    auto authority = x509::make_authority(authority_name(gateway), kAuthorityDays);
    if (!authority) return authority.error();
    const auto list = x509::revocation_list(*authority, {}, {});
    if (!list) return list.error();
    // The key last: without it there is no authority yet.
    auto written = write(crl_file(), *list, kPublic);
    if (written) written = write(certificate_file(), authority->certificate, kPublic);
    if (written) written = write(directory_ + "/ca.key", authority->key, kSecret);
    runtime::wipe(authority->key);
    return written;
}

model::Result<x509::Issued> DeviceAuthority::issue(const std::string& name) const {
    auto authority = read_authority();
    if (!authority) return authority.error();
    auto book = open_book();
    if (!book) return book.error();
    auto issued = x509::issue(*authority, name, kDeviceDays);
    runtime::wipe(authority->key);
    if (!issued) return issued.error();
    book->set(issued->serial, name + ' ' + expiry_after(kDeviceDays));
    if (const auto saved = book->save(); !saved) return saved.error();
    return issued;
}

model::Result<void> DeviceAuthority::withdraw(const std::string& serial) const {
    auto book = open_book();
    if (!book) return book.error();
    return book->remove(serial) ? book->save() : model::Result<void>{};
}

model::Result<x509::Pair> DeviceAuthority::read_authority() const {
    auto key = runtime::read_secret(directory_ + "/ca.key");
    if (!key) return key.error();
    auto certificate = runtime::read_secret(certificate_file());
    if (!certificate) return certificate.error();
    return x509::Pair{std::move(*certificate), std::move(*key)};
}

model::Result<std::vector<DeviceAuthority::Issued>> DeviceAuthority::issued() const {
    if (!exists()) return std::vector<Issued>{};
    const auto book = open_book();
    if (!book) return book.error();
    std::vector<Issued> issued;
    for (const std::string& serial : book->names()) {
        const std::string value = *book->find(serial);
        const std::size_t blank = value.rfind(' ');
        issued.push_back({serial, value.substr(0, blank), value.substr(blank + 1)});
    }
    return issued;
}

// The list first: a certificate that is still written down can be revoked again.
model::Result<std::size_t> DeviceAuthority::revoke(std::span<const std::string> serials) const {
    if (serials.empty()) return std::size_t{0};
    auto book = open_book();
    if (!book) return book.error();
    auto authority = read_authority();
    if (!authority) return authority.error();
    const auto former = runtime::read_secret(crl_file(), x509::kRevocationListMax);
    if (!former) return former.error();
    const auto list = x509::revocation_list(*authority, *former, serials);
    runtime::wipe(authority->key);
    if (!list) return list.error();
    if (const auto written = write(crl_file(), *list, kPublic); !written) return written.error();
    std::size_t held = 0;
    for (const std::string& serial : serials) {
        if (book->remove(serial)) ++held;
    }
    if (const auto saved = book->save(); !saved) return saved.error();
    return held;
}

}  // namespace gateway::cli
