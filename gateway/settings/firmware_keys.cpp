#include "gateway/settings/firmware_keys.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/public_key.hpp"
#include "gateway/settings/values.hpp"

#include <algorithm>
#include <utility>

namespace gateway::settings {
namespace {

using language::tr;

bool has(const std::vector<std::string>& keys, const std::string& key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

std::optional<std::vector<std::string>> read_firmware_keys(const Value& value, Loading& loading) {
    const auto* array = std::get_if<Array>(&value.content);
    if (array == nullptr || array->size() > kFirmwareKeysMax) {
        reject_type(
            value,
            tr("a list of at most {0} public keys", {std::to_string(kFirmwareKeysMax)}),
            loading
        );
        return std::nullopt;
    }
    std::vector<std::string> keys;
    for (const Value& element : *array) {
        auto key = read_public_key(element, "passerelle firmware keygen", loading);
        if (!key) continue;
        if (has(keys, *key)) {
            loading.diagnostics.error(
                element.at,
                tr("'{0}' has this key twice", {value.key}),
                tr("remove it here, or write the other key that was meant")
            );
            continue;
        }
        keys.push_back(std::move(*key));
    }
    return keys;
}

}  // namespace gateway::settings
