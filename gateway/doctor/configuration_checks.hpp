#pragma once
#include "gateway/doctor/account.hpp"
#include "gateway/doctor/check.hpp"
#include "gateway/settings/loader.hpp"

namespace gateway::doctor {

// So many mistakes are shown; `passerelle check` shows them all.
inline constexpr std::size_t kMistakesShownMax = 10;

// What the loader found in the configuration, who may read it and who may change it.
Checks check_configuration(
    const settings::LoadResult& loaded, const std::string& file, const Account& account
);

}  // namespace gateway::doctor
