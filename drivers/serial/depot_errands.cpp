#include "drivers/serial/depot_errands.hpp"

#include "gateway/language/translate.hpp"

#include <utility>
#include <variant>

namespace drivers::serial {

namespace asio = boost::asio;
namespace firmware = gateway::firmware;
using gateway::language::tr;

DepotErrands::DepotErrands(
    firmware::Depot& depot, UpdateSide& side, std::string source, bool is_bus
)
    : depot_(depot), side_(side), source_(std::move(source)), is_bus_(is_bus) {}

asio::awaitable<void> DepotErrands::carry(UpdateSide::Question question) {
    if (auto* introduction = std::get_if<UpdateSide::Introduction>(&question.what)) {
        co_await present(question.ticket, std::move(introduction->device));
    } else if (auto* said = std::get_if<UpdateSide::Report>(&question.what)) {
        co_await deliver(question.ticket, std::move(question.name), std::move(*said));
    } else {
        const auto wanted = std::get<UpdateSide::PieceWanted>(question.what);
        co_await fetch(question.ticket, std::move(question.name), wanted);
    }
}

// On a line there is one node, and nothing to tell it by but its name, which may be personal.
asio::awaitable<void> DepotErrands::present(Ticket ticket, firmware::Device device) {
    device.source = source_;
    if (is_bus_) device.label = tr("address {0}", {std::to_string(ticket.address)});
    const auto offer = co_await depot_.introduce(std::move(device));
    side_.offer(ticket, offer);
}

asio::awaitable<void> DepotErrands::deliver(
    Ticket ticket, std::string name, UpdateSide::Report said
) {
    const bool is_on_disk = co_await depot_.report(source_, std::move(name), said.progress);
    if (is_on_disk) {
        side_.seen(ticket, std::move(said));
    } else {
        side_.give_nothing(ticket);
    }
}

asio::awaitable<void> DepotErrands::fetch(
    Ticket ticket, std::string name, UpdateSide::PieceWanted wanted
) {
    auto piece =
        co_await depot_.piece(source_, std::move(name), wanted.update, wanted.offset, wanted.size);
    if (piece) {
        side_.give(ticket, wanted, std::move(*piece));
    } else if (piece.error() == firmware::Depot::NoPiece::unknown) {
        side_.withdraw(ticket, wanted.update);
    } else {
        side_.give_nothing(ticket);
    }
}

}  // namespace drivers::serial
