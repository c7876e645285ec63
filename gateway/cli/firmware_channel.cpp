#include "gateway/cli/firmware_channel.hpp"

#include "gateway/cli/http_connection.hpp"
#include "gateway/cli/http_get.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/rollout/messages.hpp"

#include <chrono>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

// A large image is verified and written to a slow card within it.
constexpr std::chrono::minutes kPatience{2};
constexpr int kHttpOk = 200;
constexpr int kHttpForbidden = 403;
constexpr int kHttpBusy = 503;

std::nullopt_t fail(int status, const std::string& text, CommandContext& context) {
    context.err << text << (text.ends_with('\n') ? "" : "\n");
    context.exit_status = status;
    return std::nullopt;
}

std::optional<std::string> judge(HttpAnswer answer, CommandContext& context) {
    if (answer.status == kHttpOk) return std::move(answer.body);
    if (answer.status == kHttpForbidden)
        return fail(
            kExitNotAllowed,
            tr("Updates are for root, the gateway's own user and members of the group of "
               "[status]."),
            context
        );
    if (answer.status == kHttpBusy)
        return fail(
            kExitNotDone, tr("Another update is being added just now: try again."), context
        );
    const auto refusal = rollout::parse_refusal(answer.body);
    const bool stands_still = refusal.code == rollout::kStandsStill;
    return fail(stands_still ? kExitUnavailable : kExitNotDone, refusal.text, context);
}

}  // namespace

std::optional<std::string> ask_about_firmware(
    const GatewayPlace& place,
    const std::string& path,
    const std::string& body,
    CommandContext& context
) {
    if (!place.address.empty() && !is_socket_path(place.address))
        return fail(
            kExitUsage,
            tr("Updates are decided on the gateway's unix socket alone: --address is its path."),
            context
        );
    std::string failures;
    for (const std::string& address : gateway_addresses(place, context)) {
        if (!is_socket_path(address)) continue;
        auto answer = http_post(address, path, body, kPatience);
        if (answer) return judge(std::move(*answer), context);
        failures += "  " + address + ": " + language::failure_words(answer.error()) + '\n';
    }
    return fail(
        kExitUnavailable,
        std::string(tr("No gateway answers on its unix socket. Is it running? systemctl "
                       "status passerelle tells. It needs a socket in [status].")) +
            '\n' + failures,
        context
    );
}

}  // namespace gateway::cli
