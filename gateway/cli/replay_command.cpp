#include "gateway/cli/replay_command.hpp"

#include "gateway/cli/line_input.hpp"
#include "gateway/cli/recorded_frame.hpp"
#include "gateway/cli/sent_words.hpp"
#include "gateway/cli/simulate_command.hpp"
#include "gateway/cli/stop_signals.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"

#include <CLI/CLI.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cerrno>
#include <ostream>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;
using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr double kSpeedMin = 0.001;
constexpr double kSpeedMax = 1'000'000;
constexpr milliseconds kSlice{50};
constexpr std::chrono::seconds kProgressInterval{10};
constexpr std::chrono::seconds kDrainMax{30};
constexpr std::uint64_t kFaultsToldMax = 20;

struct Options {
    std::string file;
    SenderOptions to;
    double speed = 1;
    bool fast = false;
    bool dry_run = false;
};

std::string last_error() {
    return language::failure_words({errno, std::generic_category()});
}

// When the messages of a recording are due.
class Pace {
  public:
    explicit Pace(const Options& options) : speed_(options.fast ? 0 : options.speed) {}

    // Now, where nothing says when it was, or as fast as can be is wanted; never before the last.
    Steady::time_point due(const RecordedFrame& frame) {
        const auto now = Steady::now();
        if (speed_ <= 0 || !frame.at) return now;
        if (!std::exchange(has_begun_, true)) {
            first_ = *frame.at;
            begun_ = now;
        }
        const std::chrono::duration<double> since = (*frame.at - first_) / speed_;
        last_ = std::max(last_, begun_ + std::chrono::duration_cast<Steady::duration>(since));
        return last_;
    }

  private:
    double speed_;
    bool has_begun_ = false;
    std::chrono::sys_time<std::chrono::microseconds> first_{};
    Steady::time_point begun_{};
    Steady::time_point last_{};
};

class Replay {
  public:
    Replay(const Options& options, const MakeFrameSender& make_sender, CommandContext& context)
        : options_(options),
          make_sender_(make_sender),
          context_(context),
          input_(options.file, signals_.descriptor()) {}

    int run() {
        if (!input_.is_open()) {
            context_.err << tr("{0} cannot be read: {1}", {options_.file, last_error()}) << '\n';
            return kExitUnavailable;
        }
        if (!options_.dry_run) {
            sender_ = make_sender_(options_.to);  // its threads are behind the signals' mask
            if (const std::string failure = sender_->connect(); !failure.empty()) {
                context_.err << tr("The target does not answer: {0}", {failure}) << '\n';
                return kExitUnavailable;
            }
        }
        next_progress_ = Steady::now() + kProgressInterval;
        const bool is_whole = play();
        const bool is_drained = drain();
        tell(is_whole);
        if (!is_whole || !is_drained) return kExitUnacknowledged;
        return faults_ > 0 ? kExitNotOpened : kExitOk;
    }

  private:
    // False when it ended before the recording did.
    bool play() {
        Pace pace(options_);
        while (true) {
            switch (input_.next()) {
                case LineInput::Next::line:
                    if (!play(input_.line(), pace)) return false;
                    break;
                case LineInput::Next::too_long:
                    tell_fault(tr("the line is too long"));
                    break;
                case LineInput::Next::end:
                    return true;
                case LineInput::Next::interrupted:
                    if (signals_.take()) return false;
                    break;
                case LineInput::Next::failed:
                    tell_fault(last_error());
                    return false;
            }
        }
    }

    // A line of the recording; false when it was interrupted before it was sent.
    bool play(const std::string& line, Pace& pace) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) return true;  // %J writes some
        const auto frame = parse_recorded_line(line);
        if (!frame) {
            tell_fault(tr(frame.error().detail));
            return true;
        }
        ++frames_;
        if (!sender_) return true;
        if (!wait_until(pace.due(*frame))) return false;
        sender_->send(frame->topic, frame->payload);
        return true;
    }

    bool wait_until(Steady::time_point due) {
        while (true) {
            if (signals_.take()) return false;
            if (Steady::now() >= next_progress_) {
                context_.out << sent_words(sender_->counts()) << std::endl;
                next_progress_ += kProgressInterval;
            }
            const auto left = std::chrono::ceil<milliseconds>(due - Steady::now());
            if (left <= left.zero()) return true;
            sender_->run_for(std::min(left, kSlice));
        }
    }

    // Whether everything that was sent is acknowledged.
    bool drain() {
        if (!sender_) return true;
        const auto until = Steady::now() + kDrainMax;
        auto counts = sender_->counts();
        while (counts.acknowledged + counts.refused + counts.failed < counts.sent &&
               Steady::now() < until && !signals_.take()) {
            sender_->run_for(kSlice);
            counts = sender_->counts();
        }
        return counts.acknowledged == counts.sent;
    }

    void tell_fault(const std::string& what) {
        if (++faults_ == kFaultsToldMax + 1)
            context_.err << tr("Further lines that cannot be read are counted alone.") << '\n';
        if (faults_ > kFaultsToldMax) return;
        context_.err << tr("{0}, line {1}: {2}",
                           {options_.file, std::to_string(input_.number()), what})
                     << '\n';
    }

    void tell(bool is_whole) const {
        if (!is_whole) context_.out << tr("Stopped before the end of the recording.") << '\n';
        if (faults_ > 0)
            context_.err << tr("Lines that could not be read: {0}.", {std::to_string(faults_)})
                         << '\n';
        if (sender_)
            context_.out << sent_words(sender_->counts()) << '\n';
        else
            context_.out << tr("Messages in the recording: {0}. Nothing was sent.",
                               {std::to_string(frames_)})
                         << '\n';
    }

    const Options& options_;
    const MakeFrameSender& make_sender_;
    CommandContext& context_;
    StopSignals signals_;
    LineInput input_;
    std::unique_ptr<FrameSender> sender_;
    Steady::time_point next_progress_;
    std::uint64_t frames_ = 0;
    std::uint64_t faults_ = 0;
};

int replay(const Options& options, const MakeFrameSender& make_sender, CommandContext& context) {
    const auto url = settings::parse_url(options.to.url);
    const bool is_target = url && (url->scheme == "mqtt" || url->scheme == "mqtts");
    if (!options.dry_run && !is_target) {
        context.err << tr("Say where to: --mqtt mqtt://host:port or mqtts://host:port; or "
                          "--dry-run.")
                    << '\n';
        return kExitUsage;
    }
    return Replay(options, make_sender, context).run();
}

void add_options(CLI::App& command, Options& options) {
    command.add_option("file", options.file, tr("The recording; - for standard input"))
        ->type_name(tr("FILE"))
        ->required();
    command.add_option("--mqtt", options.to.url, tr("To a gateway or broker: mqtt://host:1883"))
        ->type_name("URL");
    command.add_option("--username", options.to.username, tr("The account there"))
        ->type_name(tr("NAME"));
    command.add_option("--password-file", options.to.password_file, tr("A file with its password"))
        ->type_name(tr("FILE"));
    command
        .add_option("--ca-file", options.to.ca_file, tr("Whose certificates hold [the system's]"))
        ->type_name(tr("FILE"));
    auto* certificate =
        command
            .add_option(
                "--certificate-file", options.to.certificate_file, tr("Our own certificate")
            )
            ->type_name(tr("FILE"));
    auto* key = command.add_option("--key-file", options.to.key_file, tr("The key of it"))
                    ->type_name(tr("FILE"));
    certificate->needs(key);
    key->needs(certificate);
    auto* speed =
        command.add_option("--speed", options.speed, tr("So many times as fast as recorded [1]"))
            ->type_name("N")
            ->check(CLI::Range(kSpeedMin, kSpeedMax).description(""));
    command.add_flag("--fast", options.fast, tr("As fast as it is acknowledged"))->excludes(speed);
    command.add_flag("--dry-run", options.dry_run, tr("Only reads the recording, sends nothing"));
}

ManualText manual() {
    return {
        .description =
            {tr("Sends messages that mosquitto_sub recorded, with QoS 1, in their order and at the "
                "pace of the recording, and counts what is acknowledged. Lines that are no message "
                "are told with their numbers and left out."),
             tr("A recording holds what the devices sent, before any rule: keep it on a machine "
                "that may have it, and delete it afterwards. %j loses bytes that are no text; for "
                "such payloads record them in hexadecimal.")},
        .exits =
            {{kExitUnacknowledged, tr("Some messages were not acknowledged.")},
             {kExitNotOpened, tr("Some lines could not be read.")},
             {kExitUnavailable, tr("No gateway answers.")}},
        .examples =
            {{"mosquitto_sub -t 'water/#' -q 1 -F %j > night.jsonl", tr("Records:")},
             {R"(mosquitto_sub -t 'lora/#' -q 1 -F '{"tst":"%I","topic":"%t",)"
              R"("payload_hex":"%x"}' > night.jsonl)",
              tr("Records payloads that are no text:")},
             {"passerelle replay night.jsonl --mqtt mqtt://127.0.0.1:1883 --speed 60",
              tr("Sends an hour in a minute:")}},
        .see_also = {"simulate", "decode", "explain"}};
}

}  // namespace

void add_replay_command(CLI::App& app, CommandContext& context, MakeFrameSender make_sender) {
    CLI::App* command = app.add_subcommand("replay", tr("Sends recorded messages again"));
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    add_options(*command, *options);
    command->callback([options, make_sender = std::move(make_sender), &context] {
        context.exit_status = replay(*options, make_sender, context);
    });
}

}  // namespace gateway::cli
