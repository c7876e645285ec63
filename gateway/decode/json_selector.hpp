#pragma once
#include "gateway/decode/json_pointers.hpp"
#include "gateway/decode/json_scalar.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/model/refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace gateway::decode {

// A scalar somewhere below a flattened value.
struct JsonLeaf {
    std::string_view path;  // member names and array indexes joined with dots
    JsonScalar scalar;
};

// Picks the values that a fixed set of JSON pointers names out of one JSON text after another, in
// a single pass each. Strict: the whole text is checked against RFC 8259, also where no pointer
// goes; a second member of the same name on the way to a selected value is malformed. A byte order
// mark before the text is ignored (section 8.1 allows it). Allocates nothing once its buffers have
// grown to the messages' size.
class JsonSelector {
  public:
    using Slot = std::uint16_t;
    using Row = std::span<const JsonScalar>;  // indexed by slot

    static constexpr std::size_t kNestingMax = 64;
    static constexpr std::size_t kTextBytesMax = 16 * 1024 * 1024;
    static constexpr std::size_t kElementsMax = model::Readings::kReadingsPerFrameMax;
    static constexpr std::size_t kLeavesMax = model::Readings::kReadingsPerFrameMax;
    static constexpr std::size_t kLeafPathMax = 256;

    JsonSelector();
    ~JsonSelector();
    JsonSelector(const JsonSelector&) = delete;
    JsonSelector& operator=(const JsonSelector&) = delete;

    // Selects a value of the message. All selections come before the first read().
    Slot select(std::string_view pointer);

    // Selects one array of the message, and values of each of its elements by pointers that are
    // relative to the element.
    void select_elements(std::string_view array);
    Slot select_in_element(std::string_view pointer);

    // Shows every member name of the elements to a check, whose fault becomes that of the read.
    using NameCheck = model::Decoded<void> (*)(std::string_view name);
    void check_element_names(NameCheck check) { name_check_ = check; }

    // Selects one value of the message of which every scalar is wanted.
    void select_leaves(std::string_view pointer);

    // Reads a text; on a fault nothing is selected. What the accessors below give is valid until
    // the next read.
    model::Decoded<void> read(std::string_view text);

    Row message() const;
    JsonScalar::Kind elements_kind() const;  // of the value that select_elements() names
    std::size_t element_count() const;
    Row element(std::size_t index) const;
    std::size_t leaf_count() const;
    JsonLeaf leaf(std::size_t index) const;

  private:
    class Pass;  // the parser and what a read leaves; keeps its header out of this one

    static constexpr Slot kNoSlot = UINT16_MAX;
    enum class Wanted : std::uint8_t { value, elements, leaves };
    struct Target {
        Slot slot = kNoSlot;
        Wanted wanted = Wanted::value;
    };
    Slot add(JsonPointers::Node root, std::string_view pointer, Slot& slots);
    void want(std::string_view pointer, Wanted wanted);

    JsonPointers pointers_;
    JsonPointers::Node message_ = pointers_.add_root();
    JsonPointers::Node element_ = pointers_.add_root();
    std::vector<Target> targets_;  // by node
    Slot message_slots_ = 0;
    Slot element_slots_ = 0;
    NameCheck name_check_ = nullptr;
    std::unique_ptr<Pass> pass_;
};

}  // namespace gateway::decode
