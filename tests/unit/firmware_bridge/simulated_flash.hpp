#pragma once
#include "firmware-bridge/device/passerelle_device.h"

#include <cstdint>
#include <random>
#include <vector>

namespace firmware_bridge::test {

// Pages of NOR flash whose power goes in the middle of the n-th byte that is programmed or erased:
// that byte is left in any state between before and after. Until the power is back nothing can be
// read or changed. A unit that is programmed twice between two erasures is a fault of the caller.
class SimulatedFlash {
  public:
    struct Shape {
        std::uint32_t pages;
        std::uint32_t page_bytes;
        std::uint32_t unit_bytes;
    };

    SimulatedFlash(Shape shape, std::uint32_t seed);

    SimulatedFlash(const SimulatedFlash&) = delete;
    SimulatedFlash& operator=(const SimulatedFlash&) = delete;

    const pd_flash* get() const { return &flash_; }

    void cut_after(std::uint64_t bytes) { left_ = bytes; }
    void power_on();
    bool is_off() const { return off_; }

    // Of all bytes so far, programmed and erased.
    std::uint64_t worked() const { return worked_; }
    std::uint32_t faults() const { return faults_; }

    // What is programmed from now on is gone with the power, as in a cache: a control.
    void forget_from_now_on() { kept_ = bytes_; }

    std::vector<std::uint8_t>& bytes() { return bytes_; }

  private:
    bool read(std::uint32_t address, std::uint8_t* bytes, std::uint32_t count) const;
    bool program(std::uint32_t address, const std::uint8_t* bytes, std::uint32_t count);
    bool erase(std::uint32_t page);
    bool works_on();  // false: the power goes in this byte

    std::vector<std::uint8_t> bytes_;
    std::vector<std::uint8_t> kept_;
    std::vector<bool> programmed_;  // by unit
    pd_flash flash_{};
    std::mt19937 random_;
    std::uint64_t left_ = UINT64_MAX;
    std::uint64_t worked_ = 0;
    std::uint32_t faults_ = 0;
    bool off_ = false;
};

}  // namespace firmware_bridge::test
