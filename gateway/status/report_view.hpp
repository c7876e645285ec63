#pragma once
#include "gateway/observe/device_report.hpp"
#include "gateway/observe/history.hpp"
#include "gateway/observe/report.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace gateway::status {

// Where the endpoint gets what it shows. Called on the reactor for an answer; it must not block.
class ReportView {
  public:
    virtual ~ReportView() = default;
    virtual observe::Report report() const = 0;  // without firmware
    // The larger part where there are many devices; none: there are no updates here.
    virtual std::optional<observe::FirmwareReport> firmware() const { return std::nullopt; }
    observe::Report whole_report() const;
    virtual observe::DevicesReport devices(const observe::DeviceQuery& query) const = 0;
    virtual const observe::History& history() const = 0;
    // A whole HTML page for the public: what is collected here and why.
    virtual std::string_view notice() const = 0;
};

inline observe::Report ReportView::whole_report() const {
    observe::Report whole = report();
    if (auto of_devices = firmware()) whole.firmware = std::move(of_devices);
    return whole;
}

}  // namespace gateway::status
