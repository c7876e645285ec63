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
    auto pair = DeviceAuthority(state_directory_).issue(name);
    if (!pair) return pair.error();
    auto failure = runtime::write_new_file(files.key, pair->key);
    runtime::wipe(pair->key);
    if (failure) return failure;
    failure = runtime::write_new_file(files.certificate, pair->certificate);
    if (!failure) return {};
    ::unlink(files.key.c_str());
    return failure;
}

model::Result<bool> DeviceCredentials::take(const Entrance& entrance, const std::string& name)
    const {
    if (entrance.proof == Proof::certificate) {
        const auto revoked = DeviceAuthority(state_directory_).revoke(name);
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
