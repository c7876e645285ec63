#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/status/control.hpp"
#include "gateway/status/tail.hpp"

#include <string>
#include <string_view>

namespace gateway {

// Who may follow what is stored and refused: a technician (decision 0020). Every question but that
// goes to `others`. On the reactor; everything by reference outlives it.
class TailControl final : public status::Control {
  public:
    TailControl(status::Tail& tail, const settings::Settings& settings, status::Control& others)
        : tail_(tail), settings_(settings), others_(others) {}

    status::Standing needed(std::string_view path) const override;
    // To a filter (status/tail_filter.hpp) the lines that it lets pass; 404 to one with a dataset
    // that is not there, 503 where there are too many followers.
    boost::asio::awaitable<status::Response> answer(std::string path, std::string body) override;

  private:
    status::Response follow(const std::string& body);

    status::Tail& tail_;
    const settings::Settings& settings_;
    status::Control& others_;
};

}  // namespace gateway
