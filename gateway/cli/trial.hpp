#pragma once
#include "gateway/cli/rollout_session.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace gateway::cli {

// How a configuration is to be tried.
struct TrialOptions {
    std::string file = kDefaultConfiguration;  // the gateway's
    std::string confirm_within = "2 min";
    bool no_wait = false;
    bool json = false;
};

void add_trial_options(CLI::App& command, TrialOptions& options);

// A configuration's way into a running gateway: checked, compared with the one in force, handed
// over, and watched until it is confirmed or given up.
class Trial {
  public:
    struct Candidate {
        std::string name;  // for messages: "new.toml", or of the file in the history
        rollout::History::Text given;
        std::string note;
    };

    Trial(CommandContext& context, RolloutSession& session, const TrialOptions& options)
        : context_(context), session_(session), options_(options) {}

    // The exit status.
    int run(const Candidate& candidate);

  private:
    bool read_options();
    bool check(const Candidate& candidate);
    bool compare(const Candidate& candidate);
    bool hand_over(const Candidate& candidate);
    int watch();
    int conclude(const rollout::State& state);
    void tell(const rollout::State& state);
    void write_outcome(const char* state, const std::string& reason);

    CommandContext& context_;
    RolloutSession& session_;
    const TrialOptions& options_;
    std::int64_t confirm_within_s_ = 0;
    std::uint32_t number_ = 0;
    std::string told_;
};

}  // namespace gateway::cli
