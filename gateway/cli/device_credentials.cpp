#include "gateway/cli/device_credentials.hpp"

#include "gateway/cli/credential_file.hpp"
#include "gateway/cli/device_authority.hpp"
#include "gateway/runtime/new_file.hpp"
#include "gateway/runtime/password_hash.hpp"
#include "gateway/runtime/wipe.hpp"

#include <unistd.h>

#include <algorithm>

namespace gateway::cli {
namespace {

boost::system::error_code no_entropy() {
    return make_error_code(boost::system::errc::resource_unavailable_try_again);
}

// As the gateway keeps it: of a password a hash, a key as it is.
std::optional<std::string> kept(Proof proof, const std::string& secret) {
    if (proof == Proof::key) return secret;
    const auto hash = runtime::PasswordHash::of(secret);
    if (!hash) return std::nullopt;
    return hash->text();
}

}  // namespace

model::Result<std::vector<DeviceCredentials::Holder>> DeviceCredentials::holders(
    const Entrance& entrance
) const {
    std::vector<Holder> holders;
    if (entrance.proof == Proof::certificate) {
        const auto issued = DeviceAuthority(state_directory_).issued();
        if (!issued) return issued.error();
        for (const auto& each : *issued) holders.push_back({each.name, each.expiry});
        return holders;
    }
    if (!entrance.file.empty()) {
        const auto file = CredentialFile::open(entrance.file);
        if (!file) return file.error();
        for (auto& name : file->names()) holders.push_back({std::move(name), {}});
    }
    for (const auto& name : entrance.configured) holders.push_back({name, {}, true});
    return holders;
}

model::Result<std::string> DeviceCredentials::give_secret(
    const Entrance& entrance, const std::string& name
) const {
    auto secret = runtime::random_password();
    auto line = secret ? kept(entrance.proof, *secret) : std::nullopt;
    if (!line) return no_entropy();
    auto file = CredentialFile::open(entrance.file);
    if (!file) return file.error();
    file->set(name, *line);
    runtime::wipe(*line);
    if (const auto saved = file->save(); !saved) return saved.error();
    return std::move(*secret);
}

model::Result<void> DeviceCredentials::give_certificate(const std::string& name, const Files& files)
    const {
    const DeviceAuthority authority(state_directory_);
    auto issued = authority.issue(name);
    if (!issued) return issued.error();
    auto failure = runtime::write_new_file(files.key, issued->pair.key);
    runtime::wipe(issued->pair.key);
    if (!failure) {
        failure = runtime::write_new_file(files.certificate, issued->pair.certificate);
        if (!failure) return {};
        ::unlink(files.key.c_str());
    }
    // One that stays written down, since that fails too, can be revoked as any other.
    [[maybe_unused]] const auto withdrawn = authority.withdraw(issued->serial);
    return failure;
}

model::Result<void> DeviceCredentials::renew_certificate(
    const std::string& name, const Files& files
) const {
    const auto former = serials_of(name);
    if (!former) return former.error();
    if (const auto given = give_certificate(name, files); !given) return given;
    const auto revoked = DeviceAuthority(state_directory_).revoke(*former);
    if (!revoked) return revoked.error();
    return {};
}

model::Result<std::vector<std::string>> DeviceCredentials::serials_of(const std::string& name
) const {
    const auto issued = DeviceAuthority(state_directory_).issued();
    if (!issued) return issued.error();
    std::vector<std::string> serials;
    for (const auto& each : *issued) {
        if (each.name == name) serials.push_back(each.serial);
    }
    return serials;
}

model::Result<bool> DeviceCredentials::take(const Entrance& entrance, const std::string& name)
    const {
    if (entrance.proof == Proof::certificate) {
        const auto serials = serials_of(name);
        if (!serials) return serials.error();
        const auto revoked = DeviceAuthority(state_directory_).revoke(*serials);
        if (!revoked) return revoked.error();
        return *revoked > 0;
    }
    if (entrance.file.empty()) return false;
    auto file = CredentialFile::open(entrance.file);
    if (!file) return file.error();
    if (!file->remove(name)) return false;
    if (const auto saved = file->save(); !saved) return saved.error();
    return true;
}

}  // namespace gateway::cli
