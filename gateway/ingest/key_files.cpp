#include "gateway/ingest/key_files.hpp"

#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/secret_file.hpp"

namespace gateway::ingest {

using language::tr;
using runtime::DeviceKeys;

namespace {

void report(const std::string& file, const DeviceKeys::Fault& fault, observe::Log& log) {
    const std::string why = language::failure_words(fault.why);
    log.error(
        "keys-unreadable",
        fault.line == 0 ? tr("The devices' keys in {0} cannot be read: {1}", {file, why})
                        : tr("The devices' keys in {0} cannot be used, line {1}: {2}",
                             {file, std::to_string(fault.line), why})
    );
}

}  // namespace

model::Result<DeviceKeys> read_device_keys(
    const std::optional<settings::Secret>& device_keys,
    const std::map<std::string, settings::Secret>& pre_shared_keys,
    observe::Log& log
) {
    DeviceKeys keys;
    if (device_keys) {
        auto read = DeviceKeys::load(device_keys->file);
        if (!read) {
            report(device_keys->file, read.error(), log);
            return read.error().why;
        }
        keys = std::move(*read);
    }
    for (const auto& [identity, secret] : pre_shared_keys) {
        auto key = runtime::read_secret(secret.file);
        if (!key) return key.error();
        if (!keys.add(identity, std::move(*key)))
            return boost::system::errc::make_error_code(boost::system::errc::file_exists);
    }
    return keys;
}

void report_renewed(const std::string& file, observe::Log& log) {
    log.info("keys-renewed", tr("The devices' keys in {0} were read again.", {file}));
}

}  // namespace gateway::ingest
