#include "gateway/cli/program_manual.hpp"

#include "gateway/cli/command.hpp"
#include "gateway/language/translate.hpp"

namespace gateway::cli {

using language::tr;

ManualText program_manual() {
    return {
        .description =
            {tr("Passerelle is a gateway for a box of the city: it takes readings of meters and "
                "sensors over MQTT and CoAP, removes what is personal before anything is written, "
                "keeps the rest on the disk until it is delivered, and sends it to the platforms "
                "that the configuration names. What it acknowledged it delivers, also after a "
                "power cut."),
             tr("Each command has a page of its own; the commands within one, such as passerelle "
                "device add, are on the page of that command."),
             tr("Texts are in French or English: by --lang, by the configuration, or by LC_ALL, "
                "LC_MESSAGES, LANG and LANGUAGE as everywhere. What machines read is the same in "
                "both."),
             tr("The configuration is described, key by key, in README.md and README.fr.md of the "
                "documentation of the package.")},
        .exits =
            {{kExitNotOpened, tr("Something is damaged, or sealed for another key.")},
             {kExitUnavailable, tr("No gateway answers.")},
             {kExitConfiguration,
              tr("The configuration cannot be used; its mistakes are on standard error.")}},
        .files =
            {{kDefaultConfiguration, tr("The configuration, where none is named.")},
             {"/var/lib/passerelle",
              tr("Buffer, keys and what else must survive a restart, unless the configuration says "
                 "otherwise.")}},
        .examples = {
            {"passerelle check my.toml", tr("Is a configuration right?")},
            {"passerelle status", tr("Does the gateway work?")},
            {"passerelle doctor", tr("What is wrong with the box?")}}};
}

}  // namespace gateway::cli
