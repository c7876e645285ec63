#include "gateway/firmware_problems.hpp"

#include "gateway/language/translate.hpp"

#include <string>

namespace gateway {

using language::tr;

void watch_firmware(const firmware::RolloutDesk& desk, observe::Problems& problems) {
    constexpr const char* kStore = "firmware-store";
    const std::string trouble = desk.trouble();
    if (trouble.empty())
        problems.clear(kStore);
    else
        problems.raise(kStore, trouble, false);
    for (const auto& update : desk.report().updates) {
        const std::string number = std::to_string(update.number);
        const std::string code = "firmware-stopped:" + number;
        if (update.state != "stopped") {
            problems.clear(code);
            continue;
        }
        const auto text =
            tr("Update {0} of devices stopped: {1} Look at it (passerelle firmware status); then "
               "let it go on (passerelle firmware rollout {0}) or withdraw it (passerelle firmware "
               "abort {0}).",
               {number, update.why});
        problems.raise(code, text, false);
    }
}

}  // namespace gateway
