#include "gateway/decode/json_pointers.hpp"

#include <optional>
#include <utility>

namespace gateway::decode {
namespace {

// RFC 6901 section 4: "~1" stands for "/", "~0" for "~". Nothing if another character follows.
std::optional<std::string> unescape(std::string_view token) {
    std::string text;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            text += token[i];
            continue;
        }
        ++i;
        if (i == token.size() || (token[i] != '0' && token[i] != '1')) return std::nullopt;
        text += token[i] == '0' ? '~' : '/';
    }
    return text;
}

}  // namespace

JsonPointers::Node JsonPointers::add_root() {
    if (nodes_.size() == kNodesMax) return kNone;
    nodes_.emplace_back();
    return static_cast<Node>(nodes_.size() - 1);
}

JsonPointers::Node JsonPointers::add(Node from, std::string_view pointer) {
    Node node = from;
    while (!pointer.empty() && node != kNone) {
        if (pointer.front() != '/') return kNone;
        pointer.remove_prefix(1);
        const std::string_view token = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(token.size());
        auto text = unescape(token);
        if (!text) return kNone;
        node = add_child(node, *std::move(text));
    }
    return node;
}

JsonPointers::Node JsonPointers::child(Node node, std::string_view token) const {
    for (const Node child : nodes_[node].children) {
        if (nodes_[child].token == token) return child;
    }
    return kNone;
}

JsonPointers::Node JsonPointers::add_child(Node node, std::string token) {
    if (const Node known = child(node, token); known != kNone) return known;
    const Node added = add_root();
    if (added == kNone) return kNone;
    nodes_[added].token = std::move(token);
    nodes_[node].children.push_back(added);
    return added;
}

}  // namespace gateway::decode
