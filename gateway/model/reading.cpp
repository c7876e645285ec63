#include "gateway/model/reading.hpp"

#include <algorithm>

namespace gateway::model {

void Readings::clear() {
    readings_.clear();
    arena_.release();
}

bool Readings::add(const Reading& reading) {
    if (readings_.size() >= kReadingsPerFrameMax) return false;
    readings_.push_back(reading);
    return true;
}

std::string_view Readings::keep(std::string_view text) {
    if (text.empty()) return {};
    auto copy = room(text.size());
    std::copy(text.begin(), text.end(), copy.begin());
    return {copy.data(), copy.size()};
}

std::span<char> Readings::room(std::size_t size) {
    return {static_cast<char*>(arena_.allocate(size, alignof(char))), size};
}

std::span<const Attribute> Readings::keep(std::span<const Attribute> attributes) {
    if (attributes.empty()) return {};
    void* memory = arena_.allocate(attributes.size() * sizeof(Attribute), alignof(Attribute));
    auto* copy = static_cast<Attribute*>(memory);
    std::uninitialized_copy(attributes.begin(), attributes.end(), copy);
    return {copy, attributes.size()};
}

}  // namespace gateway::model
