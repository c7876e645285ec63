#pragma once
#include "gateway/observe/device_report.hpp"
#include "gateway/observe/history.hpp"
#include "gateway/observe/report.hpp"

#include <string_view>

namespace gateway::status {

// Where the endpoint gets what it shows. Called on the reactor for an answer; it must not block.
class ReportView {
  public:
    virtual ~ReportView() = default;
    virtual observe::Report report() const = 0;
    virtual observe::DevicesReport devices(const observe::DeviceQuery& query) const = 0;
    virtual const observe::History& history() const = 0;
    // A whole HTML page for the public: what is collected here and why.
    virtual std::string_view notice() const = 0;
};

}  // namespace gateway::status
