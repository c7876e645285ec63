#pragma once
#include "gateway/observe/history.hpp"
#include "gateway/observe/report.hpp"

namespace gateway::status {

// Where the endpoint gets what it shows. Called on the reactor for an answer; it must not block.
class ReportView {
  public:
    virtual ~ReportView() = default;
    virtual observe::Report report() const = 0;
    virtual const observe::History& history() const = 0;
};

}  // namespace gateway::status
