#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/http_get.hpp"
#include "gateway/rollout/files.hpp"
#include "gateway/rollout/history.hpp"
#include "gateway/rollout/messages.hpp"
#include "gateway/settings/settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::cli {

// Exit statuses of `apply`, `confirm` and `rollback`, beside those that every command shares.
inline constexpr int kExitReturned = 1;    // the configuration was given up, or not confirmed
inline constexpr int kExitNotStored = 74;  // the configuration cannot be kept: nothing was changed
inline constexpr int kExitOnTrial = 75;    // another configuration is on trial
inline constexpr int kExitNotSigned = 77;  // it opens more and is not signed

// A command's view of the configurations of a gateway: its history on the disk, and the gateway
// itself over its unix socket, whichever configuration it listens by. What goes wrong is said on
// context.err.
class RolloutSession {
  public:
    RolloutSession(CommandContext& context, std::string file)
        : context_(context), file_(std::move(file)) {}

    // Loads the configuration file, for where the history is; false, and the exit status, if it
    // cannot be. A gateway that stands still for it says what to do.
    bool open();

    const std::string& file() const { return file_; }
    // Read by open(); of a gateway that runs, state() is newer.
    const rollout::History& history() const { return *history_; }
    // The bytes of a version; nothing, and why on context.err, if they cannot be read.
    std::optional<rollout::History::Text> read(std::uint32_t number);

    // Asks the gateway; an error if nobody answers. Says nothing.
    model::Result<HttpAnswer> ask(const std::string& path, const std::string& body);
    std::optional<rollout::State> state();
    // The same, and if nobody answers says so and sets the exit status.
    std::optional<rollout::State> require_state();

    // Says what the gateway has answered, and sets the exit status that stands for it.
    void refuse(const HttpAnswer& answer);
    bool fail(int status, const std::string& text);

    // Where the gateway may listen too, under a configuration that is to run.
    void add_socket(const std::string& socket);

  private:
    void add_socket_of(std::uint32_t number);
    bool is_told_to_mend();

    CommandContext& context_;
    std::string file_;
    rollout::DiskFiles files_;
    std::optional<rollout::History> history_;
    std::vector<std::string> sockets_;
};

}  // namespace gateway::cli
