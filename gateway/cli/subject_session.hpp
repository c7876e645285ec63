#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/subject_channel.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/subject/request.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gateway::cli {

// Exit statuses of `subject` and `consent`.
// What `subject` and `consent` are told on the command line. The identity never is.
struct SubjectOptions {
    std::string file = kDefaultConfiguration;
    std::vector<std::string> datasets;
    std::string field = "device";
    std::string identity_file = "-";  // "-": standard input
};

void add_subject_options(CLI::App& command, SubjectOptions& options);

// A command's way to the desk: over the unix socket of a running gateway, or otherwise in a store
// that this process has opened. What goes wrong is said on context.err.
class SubjectSession {
  public:
    SubjectSession(CommandContext& context, const SubjectOptions& options)
        : context_(context), options_(options) {}

    // Loads the configuration and finds who answers; false, and the exit status, if nobody does.
    bool open(const OpenLocalDesk& open_local);
    const settings::Settings& settings() const { return *settings_; }

    // The datasets and the field of the options, and the identity, which is the first line of
    // standard input or the file.
    std::optional<subject::Request> request();

    // The body of what is answered; nothing, and the exit status, if it is refused.
    std::optional<std::string> ask(const std::string& path, const subject::Request& request);

  private:
    bool fail(int status, const std::string& text);

    CommandContext& context_;
    const SubjectOptions& options_;
    std::optional<settings::Settings> settings_;
    std::unique_ptr<SubjectChannel> channel_;
};

}  // namespace gateway::cli
