// What the keys of a serial source must hold together.
#include "gateway/language/translate.hpp"
#include "gateway/settings/cross_check.hpp"
#include "gateway/settings/places.hpp"

#include <map>
#include <set>

namespace gateway::settings {
namespace {

using language::tr;

class SerialCheck {
  public:
    SerialCheck(const Table& document, Diagnostics& diagnostics)
        : document_(document), diagnostics_(diagnostics) {}

    void check(const Source& source, const SerialPort& port, std::size_t number) {
        number_ = number;
        check_format(source);
        check_device(port);
        check_nodes(port);
    }

  private:
    Position place(std::string_view key) const {
        return place_of(document_, {"source", number_, key});
    }
    Position place(std::size_t node, std::string_view key) const {
        return place_of(document_, {"source", number_, "nodes", node, key});
    }

    void check_format(const Source& source) {
        if (!source.format.name.empty() && source.format.name != "protobuf") {
            diagnostics_.error(
                place("format"),
                tr("nodes on a serial line send protobuf, not {0}", {source.format.name}),
                tr("write format = \"protobuf\"")
            );
        }
        if (source.topics.empty()) return;
        diagnostics_.error(
            place("topics"),
            tr("messages on a serial line have no topic"),
            tr("remove 'topics': a message is of the node that sends it")
        );
    }

    void check_device(const SerialPort& port) {
        if (port.device.empty() || devices_.insert(port.device).second) return;
        diagnostics_.error(
            place("device"),
            tr("another source has this device already"),
            tr("write another device; several nodes on one line are 'nodes' of one source, with "
               "bus = true")
        );
    }

    void check_nodes(const SerialPort& port) {
        const bool has_list = place("nodes") != place("");
        if (port.bus && !has_list) {
            diagnostics_.error(
                place("bus"),
                tr("nothing says which nodes are on the bus"),
                tr("write nodes = [{ name = \"m-1\", address = 1 }]")
            );
        }
        std::set<std::string> names;
        std::map<std::uint8_t, std::string> addresses;
        for (std::size_t i = 0; i < port.nodes.size(); ++i) {
            const SerialNode& node = port.nodes[i];
            if (node.name.empty()) continue;  // said already
            if (!names.insert(node.name).second) {
                diagnostics_.error(
                    place(i, "name"),
                    tr("the node {0} is there twice", {node.name}),
                    tr("remove one of the two")
                );
            }
            check_address(port, i, addresses);
        }
    }

    void check_address(
        const SerialPort& port, std::size_t i, std::map<std::uint8_t, std::string>& addresses
    ) {
        const SerialNode& node = port.nodes[i];
        if (!port.bus) {
            if (node.address == 0) return;
            diagnostics_.error(
                place(i, "address"),
                tr("only nodes on a bus have an address"),
                tr("write bus = true, or remove 'address'")
            );
        } else if (node.address == 0) {
            const bool is_written = place(i, "address") != place(i, "");
            if (is_written) return;  // said already
            diagnostics_.error(
                place(i, "name"),
                tr("the node {0} has no address", {node.name}),
                tr("add address = 1, as it is set in the node: 1 to 247")
            );
        } else if (const auto [other, is_new] = addresses.emplace(node.address, node.name);
                   !is_new) {
            diagnostics_.error(
                place(i, "address"),
                tr("the node {0} has this address already", {other->second}),
                tr("give one of the two another address, here and in the node")
            );
        }
    }

    const Table& document_;
    Diagnostics& diagnostics_;
    std::size_t number_ = 0;
    std::set<std::string> devices_;
};

}  // namespace

void check_serial_lines(const Settings& settings, const Table& document, Diagnostics& diagnostics) {
    SerialCheck check{document, diagnostics};
    for (std::size_t i = 0; i < settings.sources.size(); ++i) {
        const Source& source = settings.sources[i];
        if (const auto* port = std::get_if<SerialPort>(&source.driver))
            check.check(source, *port, i);
    }
}

}  // namespace gateway::settings
