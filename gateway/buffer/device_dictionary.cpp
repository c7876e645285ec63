#include "gateway/buffer/device_dictionary.hpp"

namespace gateway::buffer {

std::uint32_t DeviceDictionary::number(std::string_view device, std::vector<NewDevice>& added) {
    if (const auto found = numbers_.find(device); found != numbers_.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(next_ - base_);
    numbers_.emplace(device, number);
    added.push_back(NewDevice{next_, std::string(device)});
    ++next_;
    return number;
}

void DeviceDictionary::begin_generation() {
    base_ = next_;
    numbers_.clear();
}

}  // namespace gateway::buffer
