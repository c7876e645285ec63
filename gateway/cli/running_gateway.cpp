#include "gateway/cli/running_gateway.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/http_get.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <ostream>
#include <utility>

namespace gateway::cli {

using language::tr;

namespace {

constexpr std::chrono::seconds kPatience{5};
constexpr int kHttpOk = 200;

}  // namespace

std::vector<std::string> gateway_addresses(const GatewayPlace& place, CommandContext& context) {
    if (!place.address.empty()) return {place.address};
    const auto loaded = load_configuration(place.file, context, {.look_at_files = false});
    const settings::Status& status = loaded.readable.status;
    std::vector<std::string> found;
    if (!status.socket.empty()) found.push_back(status.socket);
    if (!status.listen.empty()) found.push_back(status.listen);
    return found;
}

void add_gateway_options(CLI::App& command, GatewayPlace& place) {
    command.add_option("-c,--config", place.file, tr("The gateway's configuration"))
        ->type_name(tr("FILE"));
    command.add_option("--address", place.address, tr("Its unix socket or its address and port"))
        ->type_name(tr("ADDRESS"));
}

GatewayAnswer find_answer(
    const GatewayPlace& place,
    const std::string& path,
    std::chrono::milliseconds patience,
    CommandContext& context
) {
    GatewayAnswer found;
    for (const std::string& address : gateway_addresses(place, context)) {
        auto answer = http_get(address, path, patience);
        if (answer && answer->status == kHttpOk) {
            found.body = std::move(answer->body);
            return found;
        }
        const std::string reason = answer ? "HTTP " + std::to_string(answer->status)
                                          : language::failure_words(answer.error());
        found.failures.append("  ").append(address).append(": ").append(reason).append("\n");
    }
    return found;
}

std::optional<std::string> ask_gateway(
    const GatewayPlace& place, const std::string& path, CommandContext& context
) {
    auto found = find_answer(place, path, kPatience, context);
    if (!found.body) {
        context.err << tr("No gateway answers. Is it running? systemctl status passerelle tells.")
                    << '\n'
                    << found.failures;
    }
    return std::move(found.body);
}

int say_no_gateway(CommandContext& context) {
    context.err << tr("What answers there is not a gateway.") << '\n';
    return kExitUnavailable;
}

}  // namespace gateway::cli
