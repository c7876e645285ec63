#include "drivers/serial/line_state.hpp"

#include "gateway/language/translate.hpp"

namespace drivers::serial {

using gateway::language::tr;

namespace {

// A node that was turned away tries again after a minute.
constexpr std::chrono::seconds kTurnedAwayFor{150};
constexpr std::chrono::hours kLostFor{24};

std::string addresses(const LineView& line, bool are_online, Station::Time now) {
    std::string list;
    for (const auto& node : line.settings.nodes) {
        if (line.station.is_online(node.address, now) != are_online) continue;
        if (!list.empty()) list += ", ";
        list += std::to_string(node.address);
    }
    return list;
}

std::string bus_detail(const LineView& line, Station::Time now) {
    const std::string online = addresses(line, true, now);
    const std::string silent = addresses(line, false, now);
    const std::string& device = line.settings.device;
    if (silent.empty()) return tr("{0}: every node is heard ({1})", {device, online});
    if (online.empty()) return tr("{0}: no node is heard ({1})", {device, silent});
    return tr("{0}: addresses {1} are heard, {2} are silent", {device, online, silent});
}

std::string detail(const LineView& line, Station::Time now) {
    if (!line.is_open) return line.settings.device + ": " + line.trouble;
    if (line.settings.bus) return bus_detail(line, now);
    return line.station.online(now) > 0 ? tr("{0}: the node is heard", {line.settings.device})
                                        : tr("{0}: no node is heard", {line.settings.device});
}

std::string turned_away_words(const std::string& source, const Station::LastTurnaway& last) {
    const std::string address = std::to_string(last.address);
    switch (last.cause) {
        case Turnaway::address_in_use:
            return tr(
                "At address {1} of source {0} there are two nodes, or another one than the "
                "configuration says. Only the right one, or the first, is served: give the other "
                "an address of its own.",
                {source, address}
            );
        case Turnaway::not_listed:
            return tr(
                "Source {0} turned a node away that its configuration does not list (address "
                "{1}). Write its name into 'nodes', or take it off the line.",
                {source, address}
            );
        case Turnaway::full:
            return tr(
                "Source {0} turned a node away, since it has heard too many names. Write those "
                "that belong to it into 'nodes'.",
                {source}
            );
        default:
            return tr(
                "Source {0} turned a node away (address {1}) that does not speak the gateway's "
                "version of the link, or has no possible name. Give the node other firmware.",
                {source, address}
            );
    }
}

void add_problems(const LineView& line, Station::Time now, DriverState& state) {
    if (const auto& last = line.station.last_turnaway(); last && now - last->at < kTurnedAwayFor)
        state.problems["node-turned-away"] = turned_away_words(line.source, *last);
    const auto lost_at = line.station.lost_at();
    if (!lost_at || now - *lost_at > kLostFor) return;
    state.problems["node-lost-readings"] =
        tr("Nodes of source {0} lost readings, since nobody took them and their queues were full. "
           "Look which node it is in the status, and why the gateway did not hear it or was full.",
           {line.source});
}

}  // namespace

DriverState line_state(const LineView& line, Station::Time now) {
    DriverState state;
    state.connected = line.is_open;
    state.detail = detail(line, now);
    state.connections = line.station.online(now);
    state.lost_at_nodes = line.station.lost();
    add_problems(line, now, state);
    return state;
}

}  // namespace drivers::serial
