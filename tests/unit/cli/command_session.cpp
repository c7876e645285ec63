#include "tests/unit/cli/command_session.hpp"

#include "gateway/cli/apply_command.hpp"
#include "gateway/cli/catalogue_command.hpp"
#include "gateway/cli/charter_command.hpp"
#include "gateway/cli/check_command.hpp"
#include "gateway/cli/command_line.hpp"
#include "gateway/cli/confirm_command.hpp"
#include "gateway/cli/device_command.hpp"
#include "gateway/cli/devices_command.hpp"
#include "gateway/cli/doctor_command.hpp"
#include "gateway/cli/firmware_command.hpp"
#include "gateway/cli/history_command.hpp"
#include "gateway/cli/policy_command.hpp"
#include "gateway/cli/quarantine_command.hpp"
#include "gateway/cli/register_command.hpp"
#include "gateway/cli/rollback_command.hpp"
#include "gateway/cli/run_command.hpp"
#include "gateway/cli/status_command.hpp"
#include "gateway/cli/subject_command.hpp"
#include "gateway/cli/tail_command.hpp"
#include "gateway/cli/version_command.hpp"
#include "gateway/language/translate.hpp"

#include <cstdlib>
#include <sstream>

namespace tests {
namespace {

// The names that a device of dataset "water" is stored under; "new" has stored none yet.
gateway::cli::StoredNames find_names(
    const gateway::settings::Settings&, const std::string& dataset, const std::string& device
) {
    if (dataset == "new") return std::vector<std::string>{};
    if (dataset != "water") return "there is no dataset " + dataset;
    if (device != "meter-7") return std::string("another device was asked for");
    return std::vector<std::string>{"stored-1", "stored-2"};
}

// Says what it is to do, and does not begin where the gateway is called "unable".
class ToldProcess final : public gateway::cli::GatewayProcess {
  public:
    explicit ToldProcess(std::ostream& out) : out_(out) {}

    void prepare(bool /*is_debuggable*/) override {}

    gateway::cli::RunEnding run(const gateway::cli::RunOrder& order) override {
        constexpr int kCannotOpen = 74;
        const std::string& id = order.settings.gateway.id;
        if (id == "unable") return {kCannotOpen, "store-unusable", "The disk is away."};
        out_ << "runs " << id;
        return {7};
    }

    bool stand_still(const gateway::cli::Standstill& standstill) override {
        out_ << standstill.code << " of " << standstill.readable.gateway.id << ": "
             << standstill.text;
        return false;
    }

  private:
    std::ostream& out_;
};

}  // namespace

CommandOutcome run_command(const std::vector<std::string>& arguments, const std::string& input) {
    ::setenv("PASSERELLE_LOCALEDIR", PASSERELLE_LOCALEDIR, 1);
    ::setenv("LC_ALL", "C", 1);
    std::vector<const char*> argv{"passerelle"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    std::istringstream in{input};
    std::ostringstream out;
    std::ostringstream err;
    gateway::cli::CommandContext context{in, out, err, {}, 0};
    gateway::cli::CommandLine line{static_cast<int>(argv.size()), argv.data(), context};
    gateway::cli::add_check_command(line.app(), context);
    gateway::cli::add_apply_command(line.app(), context);
    gateway::cli::add_confirm_command(line.app(), context);
    gateway::cli::add_rollback_command(line.app(), context);
    gateway::cli::add_history_command(line.app(), context);
    gateway::cli::add_register_command(line.app(), context);
    gateway::cli::add_catalogue_command(line.app(), context);
    gateway::cli::add_charter_command(line.app(), context);
    gateway::cli::add_status_command(line.app(), context);
    gateway::cli::add_tail_command(line.app(), context);
    gateway::cli::add_doctor_command(line.app(), context);
    gateway::cli::add_quarantine_command(line.app(), context);
    gateway::cli::add_policy_command(line.app(), context);
    gateway::cli::add_firmware_command(line.app(), context);
    gateway::cli::add_subject_command(line.app(), context, [](const auto&) {
        return gateway::cli::OpenedChannel(std::string("nobody opens the store"));
    });
    gateway::cli::add_device_command(line.app(), context);
    gateway::cli::add_devices_command(line.app(), context, find_names);
    ToldProcess process{out};
    gateway::cli::add_version_command(line.app(), context, [] {
        return gateway::cli::ProgramParts{
            9, 1, 1, {{"SQLite", "3.40.1"}, {"Boost", "1.81", false}}};
    });
    gateway::cli::add_run_command(line.app(), context, process);
    const int status = line.run();
    gateway::language::choose("en");  // as the next test expects it
    return {status, out.str(), err.str()};
}

}  // namespace tests
