#include "gateway/cli/setup_words.hpp"

#include "gateway/cli/command.hpp"
#include "gateway/cli/setup_draft.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"

#include <unistd.h>

#include <algorithm>

namespace gateway::cli {
namespace {

using language::tr;

constexpr std::size_t kColumns = 80;

struct Step {
    std::string command;
    std::string words;
};

// The first source that devices connect to by themselves; empty: none.
std::string entrance(const SetupAnswers& answers) {
    constexpr std::string_view kListen = "listen.";
    for (const auto& [key, answer] : answers) {
        if (key.starts_with(kListen)) return key.substr(kListen.size());
    }
    return {};
}

std::vector<Step> steps(const SetupSurroundings& around, const SetupAnswers& answers) {
    const bool is_service = around.file == kDefaultConfiguration;
    const std::string options = is_service ? "" : " --config " + around.file;
    std::vector<Step> steps;
    if (const std::string source = entrance(answers); !source.empty()) {
        steps.push_back(
            {"passerelle device add NAME --source " + source + options,
             tr("lets a device in, and shows what it is told")}
        );
    }
    if (const std::string group = answer_to(answers, "group"); !group.empty()) {
        steps.push_back(
            {"groupadd -f " + group + " && usermod -aG " + group + " passerelle",
             tr("lets the gateway open its socket to that group; of technicians likewise, with "
                "their names")}
        );
    }
    steps.push_back(
        {is_service ? "systemctl enable --now passerelle" : "passerelle run" + options,
         is_service ? tr("starts the gateway, now and with the box") : tr("starts the gateway")}
    );
    steps.push_back({"passerelle status" + options, tr("shows what it receives and delivers")});
    steps.push_back({"passerelle doctor" + options, tr("shows what is wrong, and what to do")});
    return steps;
}

}  // namespace

std::string option_for(std::string_view key) {
    const auto dot = key.find('.');
    std::string option = "--" + std::string(key.substr(0, dot));
    std::replace(option.begin(), option.end(), '_', '-');
    if (dot != std::string_view::npos) option.append(" ").append(key.substr(dot + 1)).append("=…");
    return option;
}

std::string plan_text(
    const SetupSurroundings& surroundings, const std::vector<SetupFile>& files, PresentFile present
) {
    std::string text = tr("To be written:");
    text += '\n';
    for (const SetupFile& file : files)
        text.append("  ").append(file.path).append("\n").append(
            wrapped("      ", file.words, kColumns)
        );
    if (present == PresentFile::same)
        return text + wrapped("  ", tr("{0} says this already.", {surroundings.file}), kColumns);
    text.append("  ").append(surroundings.file).append("\n");
    text += wrapped("      ", tr("the configuration"), kColumns);
    if (present == PresentFile::none) return text;
    text += wrapped(
        "      ",
        present == PresentFile::example
            ? tr("The example that was installed there is kept beside it (.bak).")
            : tr("ATTENTION: the file that is there was changed on this box. It is replaced, and "
                 "kept beside the new one (.bak)."),
        kColumns
    );
    return text;
}

std::string next_steps(
    const SetupSurroundings& surroundings, const SetupAnswers& answers, PresentFile before
) {
    std::string text = "\n";
    if (::geteuid() == 0 && !group_of_service(surroundings.directory)) {
        text += wrapped(
            "",
            tr("There is no group passerelle on this box yet: these files are for root alone. Once "
               "it is there: {0}",
               {"chgrp -R passerelle " + surroundings.directory + " && chmod -R g+rX " +
                surroundings.directory}),
            kColumns
        );
        text += '\n';
    }
    text.append(tr("Next:")).append("\n");
    for (const Step& step : steps(surroundings, answers))
        text.append("  ")
            .append(step.command)
            .append("\n")
            .append(wrapped("      ", step.words, kColumns));
    const bool may_run = before == PresentFile::changed || before == PresentFile::same;
    if (may_run && surroundings.file == kDefaultConfiguration)
        text +=
            wrapped("", tr("If the gateway runs already: systemctl restart passerelle"), kColumns);
    return text;
}

}  // namespace gateway::cli
