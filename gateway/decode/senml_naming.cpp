#include "gateway/decode/senml_naming.hpp"

#include "gateway/model/unit.hpp"

namespace gateway::decode {
namespace {

// Behind the last ':' or '/'; 0 if there is none.
std::size_t behind_separator(std::string_view text) {
    const std::size_t at = text.find_last_of(":/");
    return at == std::string_view::npos ? 0 : at + 1;
}

std::string_view without_separator(std::string_view device) {
    return device.substr(0, device.find_last_not_of(":/._-") + 1);
}

bool starts_with_letter(std::string_view text) {
    return !text.empty() &&
           ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'));
}

}  // namespace

SenmlNaming::SenmlNaming(const std::map<std::string, std::string>& quantities)
    : quantities_(quantities.begin(), quantities.end()) {}

SenmlName SenmlNaming::split(std::string_view name, std::size_t base_size, std::string_view unit)
    const {
    const auto split_at = [&](std::size_t at) {
        return SenmlName{without_separator(name.substr(0, at)), renamed(name.substr(at))};
    };
    const std::size_t tail = behind_separator(name);
    if (base_size > 0 && base_size < name.size()) {
        const bool deeper =
            tail > base_size && !is_known(name.substr(base_size)) && is_known(name.substr(tail));
        return split_at(deeper ? tail : base_size);
    }
    const auto by_unit = model::quantity_of_unit(unit);
    if (is_known(name.substr(tail))) return split_at(tail);
    if (by_unit.empty() && starts_with_letter(name.substr(tail))) return split_at(tail);
    return {name, renamed(by_unit)};
}

bool SenmlNaming::is_known(std::string_view quantity) const {
    return quantities_.contains(quantity) || vocabulary_.find(quantity) != nullptr;
}

std::string_view SenmlNaming::renamed(std::string_view quantity) const {
    const auto found = quantities_.find(quantity);
    return found == quantities_.end() ? quantity : std::string_view{found->second};
}

}  // namespace gateway::decode
