#include "gateway/cli/setup_files.hpp"

#include "gateway/cli/setup_draft.hpp"
#include "gateway/cli/x509.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/document.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <optional>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;
using Reader = PlacedFiles::Reader;

constexpr std::chrono::days kCertificateDays{10 * 365};  // devices in the field keep their copy

bool is_there(const std::string& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0;
}

// Nothing where there is none; of one that is no configuration at all the beginning.
std::optional<std::string> content_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return std::nullopt;
    std::string text(settings::kConfigurationBytesMax + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

void add_devices(
    const SetupSurroundings& around, const SetupAnswers& answers, std::vector<SetupFile>& files
) {
    constexpr std::string_view kListen = "listen.";
    for (const auto& [key, answer] : answers) {
        if (!key.starts_with(kListen)) continue;
        const std::string source = key.substr(kListen.size());
        const bool is_mqtt = answer_to(answers, "connect." + source) == kToListener;
        files.push_back(
            {devices_file(around, source),
             is_mqtt ? tr("the devices' passwords, none yet") : tr("the devices' keys, none yet"),
             tr("# lines are written by: passerelle device add") + std::string(1, '\n')}
        );
    }
}

// The certificate and its key, unless one of them is there.
model::Result<void> add_certificate(
    const SetupSurroundings& around, const SetupAnswers& answers, std::vector<SetupFile>& files
) {
    const std::string certificate = own_certificate_file(around);
    const std::string key = own_key_file(around);
    if (answer_to(answers, "certificate") != "make" || is_there(certificate) || is_there(key))
        return {};
    const std::array<std::string, 3> hosts{answer_to(answers, "host"), "localhost", "127.0.0.1"};
    auto made = x509::make_server(hosts, kCertificateDays);
    if (!made) return made.error();
    files.push_back(
        {certificate,
         tr("the box's certificate: give devices a copy"),
         std::move(made->certificate),
         Reader::everybody}
    );
    files.push_back({key, tr("its key: never leaves the box"), std::move(made->key)});
    return {};
}

}  // namespace

model::Result<std::vector<SetupFile>> files_beside(
    const SetupSurroundings& surroundings, const SetupAnswers& answers, const SetupSecrets& secrets
) {
    std::vector<SetupFile> files;
    if (auto added = add_certificate(surroundings, answers, files); !added) return added.error();
    add_devices(surroundings, answers, files);
    for (const auto& [path, secret] : secrets)
        files.push_back({path, tr("a secret, as it was typed"), secret + '\n'});
    std::erase_if(files, [](const SetupFile& file) { return is_there(file.path); });
    return files;
}

PresentFile present_file(const std::string& file, const std::string& text) {
    if (!is_there(file)) return PresentFile::none;
    const auto present = content_of(file);
    if (!present) return PresentFile::changed;
    if (*present == text) return PresentFile::same;
    return present == content_of(share_directory() + "/passerelle.toml") ? PresentFile::example
                                                                         : PresentFile::changed;
}

}  // namespace gateway::cli
