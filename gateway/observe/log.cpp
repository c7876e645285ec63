// The location of the call is ours, not the operator's: without this every entry would say log.cpp.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include "gateway/observe/log.hpp"

#include "gateway/observe/repeat_gate.hpp"

#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>

namespace gateway::observe {
namespace {

// One write(2) a line, so that lines of several threads or processes do not mix. What standard
// error does not take is lost: there is nowhere left to say so.
void write_to_standard_error(const LogEntry& entry) {
    const auto now = std::chrono::system_clock::now();
    const std::string line =
        to_line(entry, std::chrono::time_point_cast<model::Instant::duration>(now));
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

void write_to_journal(const LogEntry& entry) {
    std::vector<std::string> assignments = to_journal(entry);
    std::vector<iovec> parts;
    parts.reserve(assignments.size());
    for (std::string& assignment : assignments)
        parts.push_back({assignment.data(), assignment.size()});
    const int failure = sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
    if (failure < 0) write_to_standard_error(entry);
}

// JOURNAL_STREAM holds "device:inode" of the journal's socket; another value means that standard
// error was redirected since.
bool standard_error_is_the_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe): start-up
    struct stat status {};
    if (stream == nullptr || fstat(STDERR_FILENO, &status) != 0) return false;
    return std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino) == stream;
}

class GatedLog final : public Log {
  public:
    using Sink = void (*)(const LogEntry&);

    GatedLog(Level least, Sink sink) : least_(least), sink_(sink) {}
    GatedLog(const GatedLog&) = delete;
    GatedLog& operator=(const GatedLog&) = delete;
    ~GatedLog() override {
        for (const LogEntry& entry : gate_.all()) sink_(entry);
    }

    void write(
        Level level, std::string_view event, std::string_view text, std::span<const Field> fields
    ) override {
        if (level < least_) return;
        const std::lock_guard lock{mutex_};
        const auto now = std::chrono::steady_clock::now();
        for (const LogEntry& entry : gate_.pass(make_entry(level, event, text, fields), now))
            sink_(entry);
    }

    void write_repetitions() override {
        const std::lock_guard lock{mutex_};
        for (const LogEntry& entry : gate_.due(std::chrono::steady_clock::now())) sink_(entry);
    }

  private:
    const Level least_;
    const Sink sink_;
    std::mutex mutex_;
    RepeatGate gate_;
};

}  // namespace

std::unique_ptr<Log> make_log(Level least) {
    const auto sink = standard_error_is_the_journal() ? write_to_journal : write_to_standard_error;
    return std::make_unique<GatedLog>(least, sink);
}

}  // namespace gateway::observe
