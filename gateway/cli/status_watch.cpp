#include "gateway/cli/status_watch.hpp"

#include "gateway/cli/flow.hpp"
#include "gateway/cli/report_reader.hpp"
#include "gateway/cli/terminal.hpp"
#include "gateway/cli/watch_text.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/status/words.hpp"

#include <chrono>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace gateway::cli {
namespace {

using language::tr;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kPeriod{2};
constexpr std::chrono::seconds kPlainPeriod{10};      // what scrolls must be read meanwhile
constexpr std::chrono::milliseconds kPatience{1500};  // for an answer at each address
constexpr std::size_t kPlainWidth = 80;

model::Instant system_now() {
    return std::chrono::time_point_cast<model::Instant::duration>(std::chrono::system_clock::now());
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

// What is known of the gateway.
class Observation {
  public:
    Observation(const GatewayPlace& place, CommandContext& context)
        : place_(place), context_(context) {}

    void look() {
        auto answer = find_answer(place_, "/status", kPatience, context_);
        auto report = answer.body ? read_report(*answer.body) : std::nullopt;
        const auto now = Steady::now();
        if (report) {
            flow_.add(*report, now);
            report_ = std::move(report);
            absence_.reset();
            return;
        }
        if (!absence_) {
            absence_ = Absence{system_now(), 0, {}};
            absent_from_ = now;
        }
        absence_->for_s = std::chrono::floor<std::chrono::seconds>(now - absent_from_).count();
        absence_->reasons = std::move(answer.failures);
    }

    std::string text(std::size_t width) const {
        const auto rates = absence_ ? std::nullopt : flow_.rates();
        return watch_text(report_, rates, absence_, width);
    }

  private:
    const GatewayPlace& place_;
    CommandContext& context_;
    std::optional<observe::Report> report_;
    std::optional<Absence> absence_;
    Steady::time_point absent_from_;
    Flow flow_;
};

// False when it is to end.
bool pause(Interruptions& interruptions, Steady::time_point until) {
    for (;;) {
        switch (interruptions.wait_until(until)) {
            case Interruptions::Kind::none:
                return true;
            case Interruptions::Kind::end:
                return false;
            case Interruptions::Kind::suspend:
                ::raise(SIGSTOP);
                break;
            case Interruptions::Kind::resized:
                break;
        }
    }
}

void watch_plainly(Observation& observation, CommandContext& context) {
    Interruptions interruptions;
    do {
        observation.look();
        context.out << status::time_words(system_now()) << '\n'
                    << observation.text(kPlainWidth) << '\n'
                    << std::flush;
    } while (context.out && pause(interruptions, Steady::now() + kPlainPeriod));
}

class ScreenWatch {
  public:
    explicit ScreenWatch(Observation& observation) : observation_(observation) {}

    void run() {
        for (auto next = Steady::now();;) {
            switch (interruptions_.wait_until(next)) {
                case Interruptions::Kind::end:
                    return;
                case Interruptions::Kind::suspend:
                    terminal_.suspend();
                    screen_.forget();
                    break;
                case Interruptions::Kind::resized:
                    break;
                case Interruptions::Kind::none:
                    observation_.look();
                    next = Steady::now() + kPeriod;
            }
            draw();
        }
    }

  private:
    void draw() {
        const auto size = terminal_.size();
        const std::string foot = tr("q ends  {0}", {status::time_words(system_now())});
        const auto lines = lines_of(observation_.text(size.columns));
        if (!terminal_.write(screen_.draw(lines, foot, size))) screen_.forget();
    }

    Observation& observation_;
    Interruptions interruptions_;
    Terminal terminal_{interruptions_};
    Screen screen_;
};

}  // namespace

int watch_status(const GatewayPlace& place, CommandContext& context) {
    Observation observation(place, context);
    if (Terminal::is_there()) {
        ScreenWatch(observation).run();
    } else {
        watch_plainly(observation, context);
    }
    return kExitOk;
}

}  // namespace gateway::cli
