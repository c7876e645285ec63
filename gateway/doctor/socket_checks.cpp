#include "gateway/doctor/socket_checks.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/runtime/system_group.hpp"

#include <algorithm>

namespace gateway::doctor {
namespace {

using language::tr;

constexpr const char* kCode = "status-group";

// Root may give a file to any group, others to their own alone (chown(2)).
bool may_give_to(const Account& account, gid_t group) {
    const auto& own = account.groups;
    return account.user == 0 || std::find(own.begin(), own.end(), group) != own.end();
}

}  // namespace

Checks check_socket(const settings::Status& status, const Account& account) {
    const std::string& name = status.group;
    if (name.empty()) return {};
    const auto group = runtime::find_group(name);
    if (!group)
        return {
            {kCode,
             Severity::warning,
             tr("There is no group {0}, which [status] lets control the gateway.", {name}),
             tr("Only root and the gateway's own user may use apply, confirm, rollback and tail."),
             tr("run: groupadd {0}; usermod -aG {0} NAME for each technician; then restart the "
                "gateway",
                {name})}};
    if (!may_give_to(account, *group))
        return {
            {kCode,
             Severity::warning,
             tr("The account {0} is not in the group {1}.", {account.name, name}),
             tr("The gateway cannot give the socket {0} to the group: its members cannot connect.",
                {status.socket}),
             tr("run: usermod -aG {0} {1}; then restart the gateway", {name, account.name})}};
    return {in_order(
        kCode, tr("Members of the group {0} may control the gateway by {1}.", {name, status.socket})
    )};
}

}  // namespace gateway::doctor
