#include "simulated_flash.hpp"

#include <algorithm>

namespace firmware_bridge::test {

SimulatedFlash::SimulatedFlash(Shape shape, std::uint32_t seed) : random_{seed} {
    bytes_.resize(std::size_t{shape.pages} * shape.page_bytes);
    for (std::uint8_t& byte : bytes_) byte = static_cast<std::uint8_t>(random_());  // as it came
    programmed_.resize(bytes_.size() / shape.unit_bytes, true);
    flash_.context = this;
    flash_.pages = shape.pages;
    flash_.page_bytes = shape.page_bytes;
    flash_.unit_bytes = shape.unit_bytes;
    flash_.read = [](void* context, std::uint32_t address, std::uint8_t* bytes, std::uint32_t count
                  ) { return static_cast<SimulatedFlash*>(context)->read(address, bytes, count); };
    flash_.program =
        [](void* context, std::uint32_t address, const std::uint8_t* bytes, std::uint32_t count) {
            return static_cast<SimulatedFlash*>(context)->program(address, bytes, count);
        };
    flash_.erase = [](void* context, std::uint32_t page) {
        return static_cast<SimulatedFlash*>(context)->erase(page);
    };
}

void SimulatedFlash::power_on() {
    off_ = false;
    left_ = UINT64_MAX;
    if (!kept_.empty()) bytes_ = kept_;
    kept_.clear();
}

bool SimulatedFlash::works_on() {
    ++worked_;
    if (left_-- > 0) return true;
    off_ = true;
    return false;
}

bool SimulatedFlash::read(std::uint32_t address, std::uint8_t* bytes, std::uint32_t count) const {
    if (off_ || address + count > bytes_.size()) return false;
    std::copy_n(bytes_.begin() + address, count, bytes);
    return true;
}

bool SimulatedFlash::program(
    std::uint32_t address, const std::uint8_t* bytes, std::uint32_t count
) {
    const std::uint32_t unit = flash_.unit_bytes;
    if (off_) return false;
    if (address % unit != 0 || count % unit != 0 || address + count > bytes_.size()) ++faults_;
    for (std::uint32_t i = 0; i < count; ++i) {
        if (i % unit == 0) {
            faults_ += programmed_[(address + i) / unit];
            programmed_[(address + i) / unit] = true;
        }
        std::uint8_t& byte = bytes_[address + i];
        if (!works_on()) {
            byte &= static_cast<std::uint8_t>(bytes[i] | random_());
            return false;
        }
        byte &= bytes[i];
    }
    return true;
}

bool SimulatedFlash::erase(std::uint32_t page) {
    const std::uint32_t first = page * flash_.page_bytes;
    if (off_) return false;
    // In any order: a page that is erased in part may keep its beginning or its end.
    const bool backwards = random_() % 2 == 0;
    for (std::uint32_t i = 0; i < flash_.page_bytes; ++i) {
        std::uint8_t& byte = bytes_[first + (backwards ? flash_.page_bytes - 1 - i : i)];
        if (!works_on()) {
            byte |= static_cast<std::uint8_t>(random_());
            return false;
        }
        byte = 0xff;
    }
    const std::uint32_t units = flash_.page_bytes / flash_.unit_bytes;
    std::fill_n(programmed_.begin() + page * units, units, false);
    return true;
}

}  // namespace firmware_bridge::test
