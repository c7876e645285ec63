#include "gateway/contract_problems.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/recipient_terms.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>
#include <string>

namespace gateway {
namespace {

using forward::Withheld;
using language::tr;

Withheld why_of(const std::string& dataset, std::span<const forward::Withholding> withholdings) {
    const auto found = std::find_if(
        withholdings.begin(),
        withholdings.end(),
        [&](const forward::Withholding& each) { return each.dataset == dataset; }
    );
    if (found == withholdings.end()) return Withheld::no;
    // Nobody misses what is not there; an end is told all the same.
    return found->waits || found->why == Withheld::ended ? found->why : Withheld::no;
}

std::string text_of(Withheld why, const settings::Uplink& uplink, const settings::Contract& held) {
    const std::string end = held.until ? status::time_words(*held.until) : std::string{};
    switch (why) {
        case Withheld::no:
            break;
        case Withheld::ended:
            return tr(
                "The contract of {0} for {1} ended at {2}: nothing of it leaves any more. What "
                "waits is kept until its retention ends. Erasures of persons wait too, and are "
                "refused when too many wait: renew the contract or remove the dataset from the "
                "uplink. When the contract is renewed, write the new end (until) in the "
                "configuration and restart the gateway.",
                {settings::recipient_of(uplink), held.dataset, end}
            );
        case Withheld::undated:
            return tr(
                "The contract of {0} for {1} ends at {2}, and the clock of the box is not set: "
                "nothing of it leaves until the date is known. Readings are kept.",
                {settings::recipient_of(uplink), held.dataset, end}
            );
        case Withheld::unfit:
            return tr(
                "One reading of {1} after another cannot be brought under the contract of {0}; the "
                "others are kept. Correct the rule for the value in the contract and restart the "
                "gateway.",
                {settings::recipient_of(uplink), held.dataset}
            );
    }
    return {};
}

}  // namespace

void watch_contracts(
    const settings::Uplink& uplink,
    std::span<const forward::Withholding> withholdings,
    observe::Problems& problems
) {
    struct Coded {
        Withheld why;
        const char* code;
    };
    constexpr Coded kCodes[] = {
        {Withheld::ended, "contract-ended:"},
        {Withheld::undated, "contract-undated:"},
        {Withheld::unfit, "contract-unfit:"}};
    for (const auto& contract : uplink.contracts) {
        const Withheld why = why_of(contract.dataset, withholdings);
        for (const auto& coded : kCodes) {
            const std::string code = coded.code + uplink.name + ':' + contract.dataset;
            if (coded.why != why) problems.clear(code);
            if (coded.why == why) problems.raise(code, text_of(why, uplink, contract), false);
        }
    }
}

}  // namespace gateway
