#include "gateway/doctor/examination.hpp"

#include "gateway/language/translate.hpp"

#include <exception>
#include <future>
#include <thread>
#include <utility>

namespace gateway::doctor {
namespace {

using language::tr;
using Steady = std::chrono::steady_clock;

struct Running {
    std::string code;
    std::chrono::milliseconds limit;
    std::future<Checks> checks;
};

Running start(Group group) {
    std::packaged_task<Checks()> task(std::move(group.look));
    Running running{std::move(group.code), group.limit, task.get_future()};
    std::thread(std::move(task)).detach();
    return running;
}

Check unfinished(const Running& running) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(running.limit).count();
    return {
        running.code,
        Severity::warning,
        tr("This was not looked at to its end within {0} s.", {std::to_string(seconds)}),
        tr("A disk or a connection hangs, and what is wrong with it is not known."),
        tr("see what dmesg | tail says, and run the doctor again")};
}

Check failed(const std::string& code, const std::string& why) {
    return {
        code,
        Severity::warning,
        tr("This could not be looked at: {0}", {why}),
        tr("What is wrong there, if anything is, is not known."),
        tr("run the doctor again; if this stays, see what dmesg | tail says")};
}

Checks result(Running& running) {
    try {
        return running.checks.get();
    } catch (const std::exception& failure) {
        return {failed(running.code, failure.what())};
    }
}

}  // namespace

Examination examine(std::vector<Group> groups) {
    const auto begin = Steady::now();
    std::vector<Running> all;
    all.reserve(groups.size());
    for (Group& group : groups) all.push_back(start(std::move(group)));
    Examination examination;
    for (Running& running : all) {
        const bool is_done =
            running.checks.wait_until(begin + running.limit) == std::future_status::ready;
        append(examination.checks, is_done ? result(running) : Checks{unfinished(running)});
        if (!is_done) examination.is_complete = false;
    }
    return examination;
}

}  // namespace gateway::doctor
