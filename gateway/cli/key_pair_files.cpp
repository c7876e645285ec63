#include "gateway/cli/key_pair_files.hpp"

#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/new_file.hpp"
#include "gateway/runtime/secret_file.hpp"
#include "gateway/runtime/wipe.hpp"

#include <ostream>

namespace gateway::cli {

using language::tr;

bool keep_private_key(
    const std::string& file, std::string_view private_key, CommandContext& context
) {
    std::string content = std::string{private_key} + '\n';
    const auto failure = runtime::write_new_file(file, content);
    runtime::wipe(content);
    if (!failure) return true;
    context.err << tr("the private key cannot be written to {0}: {1}",
                      {file, language::failure_words(failure)})
                << '\n';
    return false;
}

int keep_key_pair(
    const std::string& file,
    std::string_view private_key,
    std::string_view configuration_line,
    CommandContext& context
) {
    if (!keep_private_key(file, private_key, context)) return kExitUnavailable;
    context.err << tr("The private key is in {0}. Keep it, and a copy, away from every gateway; "
                      "into the configuration goes:",
                      {file})
                << '\n';
    context.out << configuration_line << '\n';
    return kExitOk;
}

std::string read_private_key(const std::string& file, CommandContext& context) {
    auto key = runtime::read_secret(file);
    if (key) return std::move(*key);
    context.err << tr("the private key cannot be read from {0}: {1}",
                      {file, language::failure_words(key.error())})
                << '\n';
    return {};
}

void say_no_private_key(
    const std::string& file, std::string_view command, CommandContext& context
) {
    context.err << tr("{0} holds no private key of passerelle {1} keygen", {file, command}) << '\n';
}

std::optional<sealing::Opener> read_opener(
    const std::string& file, std::string_view command, CommandContext& context
) {
    std::string key = read_private_key(file, context);
    if (key.empty()) return std::nullopt;
    auto opener = sealing::Opener::with(key);
    runtime::wipe(key);
    if (!opener) say_no_private_key(file, command, context);
    return opener;
}

}  // namespace gateway::cli
