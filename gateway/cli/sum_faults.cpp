#include "gateway/cli/sum_faults.hpp"

#include "gateway/aggregate/sum_plan.hpp"
#include "gateway/anonymise/throwaway_keys.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <algorithm>
#include <utility>

namespace gateway::cli {

std::vector<std::string> sum_faults(const settings::Settings& settings) {
    const auto key = anonymise::ThrowawayKeys().key("");
    if (!key) return {language::failure_words(key.error())};
    const anonymise::Pseudonymiser tokens(*key);
    std::vector<std::string> faults;
    std::vector<std::pair<const settings::Sum&, aggregate::SumPlan>> plans;
    for (const auto& sum : settings.sums) {
        const auto& all = settings.datasets;
        const auto dataset = std::find_if(all.begin(), all.end(), [&](const auto& candidate) {
            return candidate.name == sum.from;
        });
        auto plan = aggregate::plan_sum(sum, *dataset, tokens);
        if (!plan) {
            faults.push_back(language::tr("the sum \"{0}\": {1}", {sum.name, plan.error()}));
            continue;
        }
        for (const auto& [earlier, of_earlier] : plans) {
            auto fault = aggregate::fault_between({earlier, of_earlier}, {sum, *plan});
            if (!fault.empty()) faults.push_back(std::move(fault));
        }
        plans.emplace_back(sum, std::move(*plan));
    }
    return faults;
}

}  // namespace gateway::cli
