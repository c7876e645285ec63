#include "gateway/buffer/person_filter.hpp"

#include "gateway/model/json_text.hpp"

#include <algorithm>
#include <string>

namespace gateway::buffer {
namespace {

// The end of the member's name or value that begins at `start`: where a ':' or ',' stands, or the
// object ends.
std::size_t end_of_element(std::string_view json, std::size_t start) {
    bool in_text = false;
    int depth = 0;
    for (std::size_t i = start; i < json.size(); ++i) {
        const char c = json[i];
        if (in_text) {
            if (c == '\\') ++i;
            in_text = c != '"';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{') {
            ++depth;
        } else if (depth == 0 && (c == ':' || c == ',' || c == '}')) {
            return i;
        } else if (c == '}') {
            --depth;
        }
    }
    return json.size();
}

}  // namespace

bool has_member(std::string_view object, std::string_view name, std::string_view value) {
    std::string wanted;
    model::append_json_string(wanted, name);
    std::size_t start = 1;
    while (start < object.size()) {
        const std::size_t colon = end_of_element(object, start);
        const std::size_t end = end_of_element(object, std::min(colon + 1, object.size()));
        if (end <= colon) return false;
        const bool is_wanted = object.substr(start, colon - start) == wanted;
        if (is_wanted && object.substr(colon + 1, end - colon - 1) == value) return true;
        start = end + 1;
    }
    return false;
}

model::Result<void> PersonFilter::find_devices(NameTable& devices) {
    for (const Trait& trait : traits_) {
        if (!trait.attribute.empty()) continue;
        const auto numbers = devices.numbers_of(trait.text, device_base_);
        if (!numbers) return numbers.error();
        devices_.insert(devices_.end(), numbers->begin(), numbers->end());
    }
    std::sort(devices_.begin(), devices_.end());
    return {};
}

bool PersonFilter::begin(const SegmentRow& row, const SegmentTexts& texts) {
    segment_base_ = row.device_base;
    sets_.assign(texts.attributes.size(), false);
    if (row.device_base >= device_base_) return false;
    bool has_some = !devices_.empty();
    for (std::size_t i = 0; i < texts.attributes.size(); ++i) {
        sets_[i] = has_trait(texts.attributes[i]);
        has_some = has_some || sets_[i];
    }
    return has_some;
}

bool PersonFilter::matches(const SegmentReading& reading) const {
    return sets_[reading.attributes] ||
           std::binary_search(devices_.begin(), devices_.end(), segment_base_ + reading.device);
}

bool PersonFilter::matches(const PersonRow& row) const {
    return has_trait(row.attributes) ||
           std::any_of(traits_.begin(), traits_.end(), [&](const Trait& trait) {
               return trait.attribute.empty() && trait.text == row.device;
           });
}

bool PersonFilter::has_trait(std::string_view attributes) const {
    return std::any_of(traits_.begin(), traits_.end(), [&](const Trait& trait) {
        return !trait.attribute.empty() && has_member(attributes, trait.attribute, trait.text);
    });
}

}  // namespace gateway::buffer
