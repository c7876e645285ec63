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
    if (::mkdir(directory.c_str(), kOwnerOnly) != 0 && errno != EEXIST) return last_error();
    if (::geteuid() == 0 && ::chown(directory.c_str(), owner.st_uid, owner.st_gid) != 0)
        return last_error();
    return {};
}

model::Result<void> write(const std::string& file, const std::string& content, mode_t mode) {
    if (const auto failure = runtime::replace_file_for_its_owner(file, content, mode))
        return failure;
    return {};
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

model::Result<void> DeviceAuthority::make(std::string_view gateway) const {
    if (exists()) return make_error_code(boost::system::errc::file_exists);
    if (const auto made = make_directory(directory_); !made) return made;
    auto authority =
        x509::make_authority("Passerelle devices of " + std::string(gateway), kAuthorityDays);
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

model::Result<x509::Pair> DeviceAuthority::issue(const std::string& name) const {
    auto authority = read_authority();
    if (!authority) return authority.error();
    auto file = CredentialFile::open(directory_ + "/issued");
    if (!file) return file.error();
    auto issued = x509::issue(*authority, name, kDeviceDays);
    runtime::wipe(authority->key);
    if (!issued) return issued.error();
    file->set(issued->serial, name + ' ' + expiry_after(kDeviceDays));
    if (const auto saved = file->save(); !saved) return saved.error();
    return std::move(issued->pair);
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
    const auto file = CredentialFile::open(directory_ + "/issued");
    if (!file) return file.error();
    std::vector<Issued> issued;
    for (const std::string& serial : file->names()) {
        const std::string value = *file->find(serial);
        const std::size_t blank = value.rfind(' ');
        issued.push_back({serial, value.substr(0, blank), value.substr(blank + 1)});
    }
    return issued;
}

// The list first: a certificate that is still written down can be revoked again.
model::Result<std::size_t> DeviceAuthority::revoke(std::string_view name) const {
    const auto all = issued();
    if (!all) return all.error();
    std::vector<std::string> serials;
    for (const Issued& each : *all) {
        if (each.name == name) serials.push_back(each.serial);
    }
    if (serials.empty()) return std::size_t{0};
    auto authority = read_authority();
    if (!authority) return authority.error();
    const auto former = runtime::read_secret(crl_file(), x509::kRevocationListMax);
    if (!former) return former.error();
    const auto list = x509::revocation_list(*authority, *former, serials);
    runtime::wipe(authority->key);
    if (!list) return list.error();
    if (const auto written = write(crl_file(), *list, kPublic); !written) return written.error();
    auto file = CredentialFile::open(directory_ + "/issued");
    if (!file) return file.error();
    for (const std::string& serial : serials) file->remove(serial);
    if (const auto saved = file->save(); !saved) return saved.error();
    return serials.size();
}

}  // namespace gateway::cli
