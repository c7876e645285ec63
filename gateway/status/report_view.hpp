#pragma once
#include "gateway/observe/device_report.hpp"
#include "gateway/observe/report.hpp"

namespace gateway::status {

// Where the endpoint gets what it shows. Called on the reactor for every answer; it must not block.
class ReportView {
  public:
    virtual ~ReportView() = default;
    virtual observe::Report report() const = 0;
    virtual observe::DevicesReport devices(const observe::DeviceQuery& query) const = 0;
};

}  // namespace gateway::status
