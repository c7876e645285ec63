#pragma once
#include "gateway/reconfiguration.hpp"
#include "gateway/status/control.hpp"
#include "gateway/status/report_view.hpp"

#include <string>
#include <string_view>

namespace gateway {

// What the commands apply, confirm and rollback ask a running gateway (rollout/messages.hpp); every
// other question goes to `others`. On the reactor; everything by reference outlives it.
class ConfigurationControl final : public status::Control {
  public:
    ConfigurationControl(
        Reconfiguration& reconfiguration, const status::ReportView& view, status::Control& others
    )
        : reconfiguration_(reconfiguration), view_(view), others_(others) {}

    // A technician may change the configuration.
    status::Standing needed(std::string_view path) const override;
    boost::asio::awaitable<status::Response> answer(std::string path, std::string body) override;

  private:
    boost::asio::awaitable<status::Response> apply(std::string body);
    boost::asio::awaitable<status::Response> confirm(std::string body);
    boost::asio::awaitable<status::Response> end_trial();

    Reconfiguration& reconfiguration_;
    const status::ReportView& view_;
    status::Control& others_;
};

}  // namespace gateway
