#include "drivers/simulator/json_tree.hpp"

#include "gateway/model/json_text.hpp"

#include <algorithm>

namespace drivers::simulator {

namespace {

bool is_index(std::string_view token) {
    return !token.empty() &&
           std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "~1" stands for "/" and "~0" for "~" (RFC 6901, 3).
std::string unescaped(std::string_view token) {
    std::string text;
    for (std::size_t at = 0; at < token.size(); ++at) {
        const bool is_escape = token[at] == '~' && at + 1 < token.size();
        if (!is_escape) {
            text += token[at];
            continue;
        }
        text += token[++at] == '1' ? '/' : '~';
    }
    return text;
}

}  // namespace

void JsonTree::set(std::string_view pointer, std::string text) {
    Node* node = &root_;
    while (!pointer.empty()) {
        if (!node->text.empty()) return;
        pointer.remove_prefix(1);  // the "/" that begins each token
        const std::size_t end = std::min(pointer.find('/'), pointer.size());
        node = &child(*node, pointer.substr(0, end));
        pointer.remove_prefix(end);
    }
    if (node->members.empty()) node->text = std::move(text);
}

// Members in the order they were set, as a device would send them; array elements that no pointer
// names do not exist.
JsonTree::Node& JsonTree::child(Node& node, std::string_view token) {
    if (node.members.empty()) node.is_array = is_index(token);
    const std::string name = unescaped(token);
    for (auto& [known, member] : node.members)
        if (known == name) return *member;
    node.members.emplace_back(name, std::make_unique<Node>());
    return *node.members.back().second;
}

void JsonTree::append(std::string& out, const Node& node) {
    if (!node.text.empty()) {
        out += node.text;
        return;
    }
    out += node.is_array ? '[' : '{';
    bool is_first = true;
    for (const auto& [name, member] : node.members) {
        if (!is_first) out += ',';
        is_first = false;
        if (!node.is_array) {
            gateway::model::append_json_string(out, name);
            out += ':';
        }
        append(out, *member);
    }
    out += node.is_array ? ']' : '}';
}

std::string JsonTree::text() const {
    std::string out;
    append(out, root_);
    return out;
}

}  // namespace drivers::simulator
