#include "gateway/doctor/configuration_checks.hpp"

#include "gateway/doctor/access.hpp"
#include "gateway/language/translate.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace gateway::doctor {
namespace {

using language::tr;
using settings::Diagnostic;

std::string place_of(const Diagnostic& diagnostic) {
    return diagnostic.file + ':' + std::to_string(diagnostic.at.line) + ':' +
           std::to_string(diagnostic.at.column);
}

Check mistake(const Diagnostic& diagnostic) {
    return {
        "configuration",
        Severity::failure,
        place_of(diagnostic) + ": " + diagnostic.what,
        tr("The gateway does not start with this configuration."),
        diagnostic.remedy};
}

// What the doctor may not read, the gateway may.
Check unread(const std::string& file) {
    return {
        "configuration",
        Severity::warning,
        tr("You may not read {0}.", {file}),
        tr("Most of what could be wrong is not looked at."),
        tr("run the doctor as root: sudo passerelle doctor")};
}

bool is_closed(const std::string& file) {
    return ::access(file.c_str(), R_OK) != 0 && errno == EACCES;
}

Checks mistakes(const settings::LoadResult& loaded, const std::string& file) {
    if (is_closed(file)) return {unread(file)};
    Checks checks;
    std::size_t count = 0;
    for (const Diagnostic& diagnostic : loaded.diagnostics) {
        if (diagnostic.severity != settings::Severity::error) continue;
        if (++count <= kMistakesShownMax) checks.push_back(mistake(diagnostic));
    }
    if (count == 0) return {in_order("configuration", tr("{0} can be used.", {file}))};
    if (count > kMistakesShownMax) {
        const auto more = std::to_string(count - kMistakesShownMax);
        checks.push_back(
            {"configuration",
             Severity::failure,
             tr("There are {0} more mistakes in {1}.", {more, file}),
             tr("The gateway does not start with this configuration."),
             tr("run: passerelle check {0}", {file})}
        );
    }
    return checks;
}

Check doubts(const settings::LoadResult& loaded, const std::string& file) {
    constexpr const char* kCode = "configuration-doubts";
    const auto is_doubt = [](const Diagnostic& diagnostic) {
        return diagnostic.severity == settings::Severity::warning;
    };
    const auto& all = loaded.diagnostics;
    const auto first = std::find_if(all.begin(), all.end(), is_doubt);
    if (first == all.end()) return in_order(kCode, tr("Nothing in it looks unintended."));
    const auto count = std::to_string(std::count_if(all.begin(), all.end(), is_doubt));
    return {
        kCode,
        Severity::notice,
        tr("The configuration works and has {0} warnings, the first: {1}: {2}",
           {count, place_of(*first), first->what}),
        tr("The gateway may do what nobody meant."),
        tr("run: passerelle check {0}", {file})};
}

Check readers(const std::string& file, const Account& account) {
    constexpr const char* kCode = "configuration-rights";
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return skipped(kCode, tr("There is no {0}.", {file}));
    if (is_hidden(account, file))
        return skipped(
            kCode, tr("Only root sees what may be done with {0}: run the doctor as root.", {file})
        );
    if (!may(account, file, R_OK)) {
        return {
            kCode,
            Severity::failure,
            tr("The account {0} cannot read {1}.", {account.name, file}),
            tr("The gateway does not start."),
            tr("run: chgrp {0} {1} && chmod g+r {1}", {account.name, file})};
    }
    if ((status.st_mode & S_IWOTH) != 0) {
        return {
            kCode,
            Severity::failure,
            tr("Every user of this machine can change {0}.", {file}),
            tr("Anyone can make the gateway keep what is personal."),
            tr("run: chmod o-w {0}", {file})};
    }
    return in_order(kCode, tr("{0} is read by the account {1}.", {file, account.name}));
}

}  // namespace

Checks check_configuration(
    const settings::LoadResult& loaded, const std::string& file, const Account& account
) {
    Checks checks = mistakes(loaded, file);
    checks.push_back(doubts(loaded, file));
    checks.push_back(readers(file, account));
    return checks;
}

}  // namespace gateway::doctor
