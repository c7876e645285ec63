#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::decode {

// A set of JSON pointers (RFC 6901) as a tree of their reference tokens, so that a document is
// walked once for all of them.
class JsonPointers {
  public:
    using Node = std::uint16_t;
    static constexpr Node kNone = UINT16_MAX;
    static constexpr std::size_t kNodesMax = UINT16_MAX;

    // A new tree's root: the value that its pointers start from.
    Node add_root();

    // The node that `pointer` names below `from`, created as needed. kNone if the text is not a
    // pointer or the tree is full.
    Node add(Node from, std::string_view pointer);

    // The node of a member name or array index; kNone if no pointer goes there.
    Node child(Node node, std::string_view token) const;

    bool has_children(Node node) const { return !nodes_[node].children.empty(); }
    std::size_t size() const { return nodes_.size(); }

  private:
    struct Entry {
        std::string token;  // without the escapes ~0 and ~1
        std::vector<Node> children;
    };
    Node add_child(Node node, std::string token);

    std::vector<Entry> nodes_;
};

}  // namespace gateway::decode
