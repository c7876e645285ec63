#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drivers::simulator {

// A JSON document built from where its values belong: set("/data/0/m3", "12.5") makes the objects
// and arrays on the way (RFC 6901). The mapping of a source read backwards.
class JsonTree {
  public:
    // `text` is a complete JSON value. A pointer that contradicts an earlier one is ignored.
    void set(std::string_view pointer, std::string text);

    std::string text() const;

  private:
    struct Node {
        std::string text;  // of a value; empty for an object or an array
        bool is_array = false;
        std::vector<std::pair<std::string, std::unique_ptr<Node>>> members;
    };
    static Node& child(Node& node, std::string_view token);
    static void append(std::string& out, const Node& node);

    Node root_;
};

}  // namespace drivers::simulator
