#include "gateway/settings/secret.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/values.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace gateway::settings {
namespace {

using language::tr;

// Where systemd puts the credentials of the packaged service.
constexpr const char* kServiceCredentials = "/run/credentials/passerelle.service";

void check_file(const std::string& path, Position at, Loading& loading) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || ::access(path.c_str(), R_OK) != 0) {
        loading.diagnostics.error(
            at,
            tr("the secret file {0} cannot be read", {path}),
            tr("put it there, readable by the user that runs passerelle, or correct the path")
        );
    } else if ((status.st_mode & S_IRWXO) != 0) {
        loading.diagnostics.error(
            at,
            tr("every user of this machine can read the secret file {0}", {path}),
            tr("run: chmod o= {0}", {path})
        );
    }
}

std::optional<Secret> secret_in_file(const Value& value, Loading& loading) {
    auto path = read_path(value, loading);
    if (!path) return std::nullopt;
    if (loading.look_at_files) check_file(*path, value.at, loading);
    return Secret{std::move(*path)};
}

std::optional<Secret> secret_of_systemd(const Value& value, Loading& loading) {
    const auto name = read_name(value, loading);
    if (!name) return std::nullopt;
    if (loading.credentials_directory.empty()) {
        if (loading.look_at_files) {
            loading.diagnostics.warning(
                value.at,
                tr("the credential '{0}' exists only inside the systemd service", {*name}),
                tr("make sure that the unit has LoadCredential={0}:…", {*name})
            );
        }
        return Secret{std::string{kServiceCredentials} + '/' + *name};
    }
    Secret secret{loading.credentials_directory + '/' + *name};
    if (loading.look_at_files && ::access(secret.file.c_str(), R_OK) != 0) {
        loading.diagnostics.error(
            value.at,
            tr("the service has no credential '{0}'", {*name}),
            tr("add LoadCredential={0}:… to the unit", {*name})
        );
    }
    return secret;
}

}  // namespace

std::optional<Secret> read_secret(const Value& value, Loading& loading) {
    if (!std::holds_alternative<Table>(value.content)) {
        loading.diagnostics.error(
            value.at,
            tr("'{0}' is written into the configuration", {value.key}),
            tr("put it into a file of mode 0600 and write {0} = { file = \"/etc/passerelle/…\" }, "
               "or { credential = \"…\" } under systemd",
               {value.key})
        );
        return std::nullopt;
    }
    const auto& table = std::get<Table>(value.content);
    TableReader reader{table, value.at, value.key, loading};
    const Value* file = reader.take("file");
    const Value* credential = reader.take("credential");
    reader.reject_the_rest();
    if ((file == nullptr) == (credential == nullptr)) {
        loading.diagnostics.error(
            value.at,
            tr("'{0}' must name one place to take the secret from", {value.key}),
            tr("write { file = \"/etc/passerelle/…\" } or { credential = \"…\" }")
        );
        return std::nullopt;
    }
    return file != nullptr ? secret_in_file(*file, loading)
                           : secret_of_systemd(*credential, loading);
}

std::optional<std::map<std::string, Secret>> read_secrets(const Value& value, Loading& loading) {
    const Table* table = as_table(value, loading);
    if (table == nullptr) return std::nullopt;
    std::map<std::string, Secret> secrets;
    for (const Entry& entry : table->entries) {
        if (auto secret = read_secret(entry.value, loading))
            secrets.emplace(entry.key, std::move(*secret));
    }
    return secrets;
}

}  // namespace gateway::settings
