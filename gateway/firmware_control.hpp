#pragma once
#include "gateway/firmware/messages.hpp"
#include "gateway/firmware/rollout_desk.hpp"
#include "gateway/status/control.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway {

// What the command `firmware` asks a running gateway (firmware/messages.hpp); every other question
// goes to `others`. On the reactor; everything by reference outlives it.
class FirmwareControl final : public status::Control {
  public:
    // No desk: the configuration names no key that updates are signed with, which is what the
    // command is told.
    FirmwareControl(firmware::RolloutDesk* desk, status::Control& others)
        : desk_(desk), others_(others) {}

    // A technician may update devices: they take only what is signed with a key that they have.
    status::Standing needed(std::string_view path) const override;
    std::size_t body_bytes_max(std::string_view path) const override;
    // 200; 400 `malformed`; 409 with what the desk refuses, or `no-keys`.
    boost::asio::awaitable<status::Response> answer(std::string path, std::string body) override;

  private:
    boost::asio::awaitable<status::Response> add(std::string body);
    boost::asio::awaitable<status::Response> roll_out(std::string body);
    boost::asio::awaitable<status::Response> abort(std::string body);

    firmware::RolloutDesk* desk_;
    status::Control& others_;
};

}  // namespace gateway
