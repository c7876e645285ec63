#pragma once
#include "gateway/runtime/clock.hpp"

#include <string>

namespace gateway::runtime {

// What a machine knows of time without being told: which boot this is, and how long it lasts.
class BootClock {
  public:
    virtual ~BootClock() = default;
    virtual WallClock::Duration since_boot() const = 0;
    // Differs from that of every other boot.
    virtual const std::string& boot_id() const = 0;
};

class KernelBootClock final : public BootClock {
  public:
    KernelBootClock();
    WallClock::Duration since_boot() const override;
    const std::string& boot_id() const override { return boot_id_; }

  private:
    std::string boot_id_;
};

class ManualBootClock final : public BootClock {
  public:
    explicit ManualBootClock(std::string boot_id) : boot_id_(std::move(boot_id)) {}
    WallClock::Duration since_boot() const override { return since_boot_; }
    const std::string& boot_id() const override { return boot_id_; }
    void advance(WallClock::Duration by) { since_boot_ += by; }
    void reboot(std::string boot_id) {
        boot_id_ = std::move(boot_id);
        since_boot_ = {};
    }

  private:
    std::string boot_id_;
    WallClock::Duration since_boot_{};
};

}  // namespace gateway::runtime
