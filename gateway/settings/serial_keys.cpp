#include "gateway/settings/serial_keys.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/values.hpp"

#include <algorithm>
#include <array>

namespace gateway::settings {
namespace {

using language::tr;

constexpr std::int64_t kAddressMax = 247;
constexpr std::size_t kNameBytesMax = 32;  // of the link

// A name of the configuration that the link has room for.
std::optional<std::string> read_node_name(const Value& value, Loading& loading) {
    auto name = read_name(value, loading);
    if (!name || name->size() <= kNameBytesMax) return name;
    loading.diagnostics.error(
        value.at,
        tr("the name of a node has {0} letters at most", {std::to_string(kNameBytesMax)}),
        tr("write a shorter name, here and into the node")
    );
    return std::nullopt;
}

std::optional<int> read_baud(const Value& value, Loading& loading) {
    const auto* number = std::get_if<std::int64_t>(&value.content);
    const auto& known = SerialPort::kBauds;
    if (number != nullptr && std::find(known.begin(), known.end(), *number) != known.end())
        return static_cast<int>(*number);
    std::string rates;
    for (const int rate : known) {
        if (!rates.empty()) rates += ", ";
        rates += std::to_string(rate);
    }
    loading.diagnostics.error(
        value.at,
        tr("'{0}' is no rate that a serial line can have", {value.key}),
        tr("write one of {0}, as it is set in the nodes", {rates})
    );
    return std::nullopt;
}

constexpr std::array kNodeKeys = {
    Key<SerialNode>{"name", into<&SerialNode::name, read_node_name>, Presence::required},
    Key<SerialNode>{
        "address", into<&SerialNode::address, read_integer<std::uint8_t, 1, kAddressMax>>}};

// Keeps a place for each element, also for a faulty one: later checks find their places by number.
std::optional<std::vector<SerialNode>> read_nodes(const Value& value, Loading& loading) {
    const auto* array = std::get_if<Array>(&value.content);
    if (array == nullptr || array->empty()) {
        reject_type(value, tr("a list such as [{ name = \"m-1\", address = 1 }]"), loading);
        return std::nullopt;
    }
    if (array->size() > SerialPort::kNodesMax) {
        loading.diagnostics.error(
            value.at,
            tr("a line has {0} nodes at most", {std::to_string(SerialPort::kNodesMax)}),
            tr("put the others on another line, with a source of its own")
        );
        return std::nullopt;
    }
    std::vector<SerialNode> nodes;
    for (const Value& element : *array) {
        nodes.push_back(
            read_table<SerialNode>(element, "nodes", kNodeKeys, loading).value_or(SerialNode{})
        );
    }
    return nodes;
}

constexpr std::array kKeys = {
    Key<SerialPort>{"device", into<&SerialPort::device, read_path>, Presence::required},
    Key<SerialPort>{"baud", into<&SerialPort::baud, read_baud>},
    Key<SerialPort>{"bus", into<&SerialPort::bus, read_boolean>},
    Key<SerialPort>{"rs485", into<&SerialPort::rs485, read_boolean>},
    Key<SerialPort>{"nodes", into<&SerialPort::nodes, read_nodes>}};

}  // namespace

std::span<const Key<SerialPort>> serial_keys() {
    return kKeys;
}

}  // namespace gateway::settings
