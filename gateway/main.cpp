#include "gateway/app.hpp"
#include "gateway/cli/account_command.hpp"
#include "gateway/cli/apply_command.hpp"
#include "gateway/cli/buffer_command.hpp"
#include "gateway/cli/catalogue_command.hpp"
#include "gateway/cli/charter_command.hpp"
#include "gateway/cli/check_command.hpp"
#include "gateway/cli/command_line.hpp"
#include "gateway/cli/completion_command.hpp"
#include "gateway/cli/confirm_command.hpp"
#include "gateway/cli/consent_command.hpp"
#include "gateway/cli/decode_command.hpp"
#include "gateway/cli/device_command.hpp"
#include "gateway/cli/devices_command.hpp"
#include "gateway/cli/doctor_command.hpp"
#include "gateway/cli/explain_command.hpp"
#include "gateway/cli/firmware_command.hpp"
#include "gateway/cli/history_command.hpp"
#include "gateway/cli/manual_command.hpp"
#include "gateway/cli/policy_command.hpp"
#include "gateway/cli/quarantine_command.hpp"
#include "gateway/cli/register_command.hpp"
#include "gateway/cli/replay_command.hpp"
#include "gateway/cli/rollback_command.hpp"
#include "gateway/cli/run_command.hpp"
#include "gateway/cli/setup_command.hpp"
#include "gateway/cli/simulate_command.hpp"
#include "gateway/cli/status_command.hpp"
#include "gateway/cli/subject_command.hpp"
#include "gateway/cli/support_bundle_command.hpp"
#include "gateway/cli/tail_command.hpp"
#include "gateway/cli/version_command.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/local_desk.hpp"
#include "gateway/mqtt_frame_sender.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/program_parts.hpp"
#include "gateway/reconfiguration.hpp"
#include "gateway/runtime/boot_clock.hpp"
#include "gateway/runtime/core_dump.hpp"
#include "gateway/runtime/file_limit.hpp"
#include "gateway/runtime/memory_lock.hpp"
#include "gateway/simulated_fleet.hpp"
#include "gateway/standstill.hpp"
#include "gateway/store_downgrade.hpp"
#include "gateway/store_inspector.hpp"
#include "gateway/stored_names.hpp"

#include <malloc.h>

#include <iostream>
#include <memory>
#include <utility>

namespace {

using gateway::language::tr;

// What the keys of a gateway with many datasets take, a page each.
constexpr std::size_t kLockedBytes = 1U << 20;

// Keeps readings and keys from the disk and from other processes, as far as the system lets.
void protect_memory(bool is_debuggable, gateway::observe::Log& log) {
    if (is_debuggable) {
        log.warning(
            "debuggable",
            tr("The process is debuggable: core dumps and debuggers see readings and keys.")
        );
    } else if (!gateway::runtime::forbid_core_dumps()) {
        log.warning("core-dumps", tr("Core dumps cannot be forbidden; one would hold readings."));
    }
    if (gateway::runtime::may_lock_memory(kLockedBytes)) return;
    log.warning(
        "memory-not-locked",
        tr("The keys cannot be kept out of swap: raise the limit of locked memory (LimitMEMLOCK= "
           "of the unit, ulimit -l), or switch swap off.")
    );
}

class Process final : public gateway::cli::GatewayProcess {
  public:
    void prepare(bool is_debuggable) override {
        // One heap for the reactor and one for the rest: glibc's default of eight a core costs a
        // small board its memory.
        mallopt(M_ARENA_MAX, 2);  // NOLINT(concurrency-mt-unsafe): no other thread exists yet
        gateway::runtime::raise_file_limit();
        log_ = gateway::observe::make_log(gateway::observe::Level::info);
        is_debuggable_ = is_debuggable;
    }

    gateway::cli::RunEnding run(const gateway::cli::RunOrder& order) override {
        protect();
        if (!order.notice.empty()) log_->info("configuration", order.notice);
        const gateway::runtime::KernelBootClock boot;
        auto configuration = std::make_shared<const gateway::Configuration>(gateway::Configuration{
            order.given, order.settings});
        gateway::Reconfiguration reconfiguration(
            {order.file, std::move(configuration), order.history}, boot, *log_
        );
        auto ending = gateway::run_gateway(reconfiguration, *log_);
        if (ending.could_open) return {ending.exit_status};
        return {ending.exit_status, std::move(ending.code), std::move(ending.why)};
    }

    bool stand_still(const gateway::cli::Standstill& standstill) override {
        protect();
        return gateway::stand_still(standstill, *log_);
    }

  private:
    // Once a configuration has chosen the language.
    void protect() {
        if (!std::exchange(is_protected_, true)) protect_memory(is_debuggable_, *log_);
    }

    std::unique_ptr<gateway::observe::Log> log_;
    bool is_debuggable_ = false;
    bool is_protected_ = false;
};

// The one of this program.
gateway::cli::GatewayProcess& process() {
    static Process process;
    return process;
}

// Every command of the program. The manual makes them again in each of its languages.
void add_commands(gateway::cli::CommandLine& line, gateway::cli::CommandContext& context) {
    using namespace gateway::cli;
    add_setup_command(line.app(), context);
    add_run_command(line.app(), context, process());
    add_check_command(line.app(), context);
    add_apply_command(line.app(), context);
    add_confirm_command(line.app(), context);
    add_rollback_command(line.app(), context);
    add_history_command(line.app(), context);
    add_decode_command(line.app(), context);
    add_explain_command(line.app(), context);
    add_register_command(line.app(), context);
    add_catalogue_command(line.app(), context);
    add_charter_command(line.app(), context);
    add_account_command(line.app(), context);
    add_quarantine_command(line.app(), context);
    add_policy_command(line.app(), context);
    add_status_command(line.app(), context);
    add_tail_command(line.app(), context);
    add_doctor_command(line.app(), context);
    add_device_command(line.app(), context);
    add_devices_command(line.app(), context, gateway::find_stored_names);
    add_firmware_command(line.app(), context);
    add_subject_command(line.app(), context, gateway::open_local_desk);
    add_consent_command(line.app(), context, gateway::open_local_desk);
    const std::shared_ptr<StoreInspector> inspector = gateway::make_store_inspector();
    add_buffer_command(
        line.app(),
        context,
        inspector,
        [](const auto& settings, const std::string& release) {
            return gateway::downgrade_store(settings, release);
        }
    );
    add_support_bundle_command(line.app(), context, inspector);
    add_simulate_command(line.app(), context, gateway::make_simulated_fleet);
    add_replay_command(line.app(), context, gateway::make_mqtt_frame_sender);
    add_version_command(line.app(), context, gateway::program_parts);
    add_completion_command(line.app(), context);
    add_manual_command(line.app(), context, add_commands);
}

}  // namespace

int main(int argc, char** argv) {
    using namespace gateway::cli;
    CommandContext context{std::cin, std::cout, std::cerr, language_argument(argc, argv)};
    CommandLine line(argc, argv, context);
    add_commands(line, context);
    return line.run();
}
