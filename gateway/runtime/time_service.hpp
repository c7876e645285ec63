#pragma once
#include <string>
#include <string_view>

namespace gateway::runtime {

// Who sets the system clock: an NTP client, a receiver of GPS, a battery.
class TimeService {
  public:
    virtual ~TimeService() = default;
    // Whether the system clock is right by its word now.
    virtual bool has_set_clock() const = 0;
    // For the operator: "kernel", "mark", "always".
    virtual std::string_view name() const = 0;
};

// The kernel's word (adjtimex(2)), which NTP clients keep; where a sandbox forbids to ask, or the
// client does not tell the kernel, the file that it leaves when it has set the clock.
class KernelTimeService final : public TimeService {
  public:
    explicit KernelTimeService(std::string mark) : mark_(std::move(mark)) {}
    bool has_set_clock() const override;
    std::string_view name() const override { return "kernel"; }

  private:
    std::string mark_;
};

// That file alone.
class MarkTimeService final : public TimeService {
  public:
    explicit MarkTimeService(std::string mark) : mark_(std::move(mark)) {}
    bool has_set_clock() const override;
    std::string_view name() const override { return "mark"; }

  private:
    std::string mark_;
};

// The operator's word that the clock is right from the start.
class SteadyTimeService final : public TimeService {
  public:
    bool has_set_clock() const override { return true; }
    std::string_view name() const override { return "always"; }
};

}  // namespace gateway::runtime
