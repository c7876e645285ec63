#include "gateway/observe/firmware_causes.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::observe {
namespace {

using model::translatable;

constexpr std::array<std::pair<std::string_view, const char*>, 11> kCauses{
    {{"signature", translatable("not signed with a key that it has")},
     {"not-for-it", translatable("it says that it is of another kind")},
     {"old", translatable("what it has is not older")},
     {"expired", translatable("past its date, by the device's clock")},
     {"too-large", translatable("larger than what it can take")},
     {"digest", translatable("what arrived is not what was signed")},
     {"storage", translatable("it could not keep it")},
     {"base", translatable("its firmware is too old for this update")},
     {"silent", translatable("nothing was heard of it any more")},
     {"standstill", translatable("it is heard, and came no further for a day")},
     {"unknown", translatable("it does not say why")}}};

}  // namespace

std::string firmware_cause_words(std::string_view cause) {
    const auto* const found = std::find_if(kCauses.begin(), kCauses.end(), [&](const auto& words) {
        return words.first == cause;
    });
    return found == kCauses.end() ? std::string(cause) : language::tr(found->second);
}

}  // namespace gateway::observe
