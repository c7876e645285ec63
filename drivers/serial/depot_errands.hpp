#pragma once
#include "drivers/serial/update_side.hpp"
#include "gateway/firmware/depot.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace drivers::serial {

// Carries what the update side has to know to the depot, and its answers back. On the reactor; what
// is referred to outlives it.
class DepotErrands {
  public:
    DepotErrands(
        gateway::firmware::Depot& depot, UpdateSide& side, std::string source, bool is_bus
    );

    boost::asio::awaitable<void> carry(UpdateSide::Question question);

  private:
    using Ticket = UpdateSide::Ticket;
    boost::asio::awaitable<void> present(Ticket ticket, gateway::firmware::Device device);
    boost::asio::awaitable<void> deliver(
        Ticket ticket, std::string name, UpdateSide::Report report
    );
    boost::asio::awaitable<void> fetch(
        Ticket ticket, std::string name, UpdateSide::PieceWanted wanted
    );

    gateway::firmware::Depot& depot_;
    UpdateSide& side_;
    const std::string source_;
    const bool is_bus_;
};

}  // namespace drivers::serial
