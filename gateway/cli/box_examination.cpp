#include "gateway/cli/box_examination.hpp"

#include "gateway/cli/http_get.hpp"
#include "gateway/cli/loosening_text.hpp"
#include "gateway/cli/report_reader.hpp"
#include "gateway/cli/sum_faults.hpp"
#include "gateway/doctor/box.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"

#include <unistd.h>

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>

namespace gateway::cli {
namespace {

using doctor::Check;
using doctor::Checks;
using doctor::Examination;
using doctor::Group;
using doctor::Severity;
using language::tr;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPatience{1500};  // for the gateway's word, at each address
constexpr std::chrono::seconds kLimit{
    4};  // for configuration and both, or for files of the gateway
constexpr int kHttpOk = 200;

// The gateway's word, by its socket or its address.
doctor::RunningGateway ask(const settings::Settings& settings) {
    doctor::RunningGateway running;
    running.holder = doctor::holder_of(settings.buffer.path);
    for (const std::string& address : {settings.status.socket, settings.status.listen}) {
        if (address.empty()) continue;
        const auto answer = http_get(address, "/status", kPatience);
        if (answer && answer->status == kHttpOk) running.report = read_report(answer->body);
        if (running.report) return running;
        const std::string why = answer ? "HTTP " + std::to_string(answer->status)
                                       : language::failure_words(answer.error());
        if (!running.answer.empty()) running.answer += ", ";
        running.answer.append(address).append(": ").append(why);
    }
    if (running.answer.empty()) running.answer = tr("[status] names no address to ask at");
    return running;
}

Checks sums(const settings::Settings& settings) {
    Checks checks;
    for (const std::string& fault : sum_faults(settings)) {
        checks.push_back(
            {"configuration",
             Severity::failure,
             fault,
             tr("The gateway does not start with this configuration."),
             tr("correct the sum, or its list of members")}
        );
    }
    return checks;
}

// Whether the next start would be refused for want of the city's signature.
Check signature(const settings::LoadResult& loaded, const std::string& file) {
    constexpr const char* kCode = "configuration-signature";
    const auto& settings = *loaded.settings;
    const auto& state = settings.gateway.state_directory;
    const bool is_readable = ::access(state.c_str(), R_OK | X_OK) == 0;
    if (!is_readable)
        return doctor::skipped(kCode, tr("What ran last is not to be read in {0}.", {state}));
    const loosening::Guard guard(settings);
    const auto judgement = guard.judge({settings, loaded.text, file});
    if (judgement.may_run())
        return doctor::in_order(kCode, tr("The configuration needs no signature, or has it."));
    return {
        kCode,
        Severity::failure,
        tr("{0} opens more than the configuration that ran last, without the city's signature.",
           {file}),
        tr("The gateway does not start with this configuration."),
        signature_text(judgement, file)};
}

// What would keep this configuration from being taken, as `run` looks at it.
Group acceptance(const settings::LoadResult& loaded, const std::string& file) {
    return {"configuration", kLimit, [loaded, file] {
                if (!loaded.settings) return Checks{};
                Checks checks = sums(*loaded.settings);
                checks.push_back(signature(loaded, file));
                return checks;
            }};
}

// Runs what only prepares, until `end`, and adds to `examination` what is to be told of it.
bool prepare(
    const char* code, Steady::time_point end, std::function<void()> step, Examination& examination
) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Steady::now());
    auto done = doctor::examine({{code, left, [step = std::move(step)] {
                                      step();
                                      return Checks{};
                                  }}});
    const bool is_done = done.checks.empty();
    append(examination.checks, std::move(done.checks));
    examination.is_complete = examination.is_complete && done.is_complete;
    return is_done;
}

// The configuration; nothing if the disk that it is on hangs.
std::optional<settings::LoadResult> load(
    const std::string& file,
    const CommandContext& context,
    Steady::time_point end,
    Examination& examination
) {
    const auto loaded = std::make_shared<settings::LoadResult>();
    const auto step = [loaded, file] { *loaded = settings::load(file, {.look_at_files = false}); };
    if (!prepare("configuration", end, step, examination)) return std::nullopt;
    if (!context.language.empty() || loaded->language.empty()) return *loaded;
    // The diagnostics are words already: they are made again in the configuration's language.
    language::choose(loaded->language);
    if (!prepare("configuration", end, step, examination)) return std::nullopt;
    return *loaded;
}

// The gateway's word: where its files are may hang.
doctor::RunningGateway ask_in_time(
    const settings::Settings& settings, Steady::time_point end, Examination& examination
) {
    const auto running = std::make_shared<doctor::RunningGateway>();
    const auto step = [running, settings] { *running = ask(settings); };
    if (prepare("gateway", end, step, examination)) return *running;
    doctor::RunningGateway unknown;
    unknown.answer = examination.checks.back().finding;
    examination.checks.pop_back();  // told as the gateway's answer
    return unknown;
}

}  // namespace

Examination examine_this_box(const std::string& file, const CommandContext& context) {
    const auto end = Steady::now() + kLimit;
    Examination examination;
    doctor::Box box;
    box.file = file;
    box.loaded = load(file, context, end, examination);
    if (box.loaded) {
        const auto& settings = box.loaded->settings;
        box.running = ask_in_time(settings.value_or(box.loaded->readable), end, examination);
        box.more.push_back(acceptance(*box.loaded, box.file));
    }
    Examination rest = doctor::examine_box(std::move(box));
    append(examination.checks, std::move(rest.checks));
    examination.is_complete = examination.is_complete && rest.is_complete;
    sort_worst_first(examination.checks);
    return examination;
}

void leave_at_once(const CommandContext& context, int status) {
    context.out.flush();
    context.err.flush();
    ::_exit(status);
}

}  // namespace gateway::cli
