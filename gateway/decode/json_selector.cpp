#include "gateway/decode/json_selector.hpp"

#include "gateway/decode/json_on_demand.hpp"
#include "gateway/model/message.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <string>
#include <utility>

namespace gateway::decode {
namespace {

namespace ondemand = simdjson::ondemand;
using model::Decoded;
using model::Fault;
using model::Refusal;
using model::translatable;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// True if brackets or a string are still open at the end of the text.
bool ends_early(std::string_view text) {
    std::size_t open = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            ++open;
        } else if (c == '}' || c == ']') {
            if (open-- == 0) return false;
        }
    }
    return in_string || open > 0;
}

bool starts_like_json(std::string_view text) {
    const auto first = std::find_if_not(text.begin(), text.end(), is_json_whitespace);
    constexpr std::string_view kFirstCharacters = "{[\"-0123456789tfn";
    return first != text.end() && kFirstCharacters.find(*first) != kFirstCharacters.npos;
}

// An array index as a reference token.
class IndexToken {
  public:
    explicit IndexToken(std::size_t index)
        : end_(std::to_chars(text_.data(), text_.data() + text_.size(), index).ptr) {}
    operator std::string_view() const {  // NOLINT(google-explicit-constructor)
        return {text_.data(), static_cast<std::size_t>(end_ - text_.data())};
    }

  private:
    std::array<char, 20> text_{};
    const char* end_;
};

}  // namespace

// One read after another: the parser, the text it works on, and what was found.
//
// The text is parsed as the only element of an array, "[" text "]": on-demand parsing treats a
// scalar at the root differently from a scalar anywhere else, and this way there is no root.
class JsonSelector::Pass {
  public:
    Decoded<void> read(const JsonSelector& selector, std::string_view text);
    void forget();

    std::vector<JsonScalar> values;  // the message's row, then the elements' rows
    std::size_t elements = 0;
    JsonScalar::Kind elements_kind = JsonScalar::Kind::absent;
    struct Leaf {
        std::size_t path_begin;
        std::size_t path_size;
        JsonScalar scalar;
    };
    std::vector<Leaf> leaves;
    std::string leaf_paths;

  private:
    using Node = JsonPointers::Node;

    // The steps return false for a fault; unless they say otherwise the text is malformed.
    bool load(std::string_view text, ondemand::document& document);
    bool walk_only_element(ondemand::document& document);
    bool walk(ondemand::value& value, Node node, std::size_t depth);
    bool walk_object(ondemand::value& value, Node node, std::size_t depth);
    bool walk_array(ondemand::value& value, Node node, std::size_t depth);
    bool walk_elements(ondemand::value& value, std::size_t depth);
    bool walk_leaves(ondemand::value& value, std::size_t depth);
    bool walk_leaf(ondemand::value& value, std::string_view token, std::size_t depth);
    bool keep_leaf(const JsonScalar& scalar);
    Node child_of(Node node, std::string_view token) const;
    bool accepts(Node object, std::string_view name);
    bool enter(Node node);
    bool may_enter(std::size_t depth);
    bool fail(Refusal cause, const char* detail);
    void begin_row(std::size_t slots);

    // The row being filled. Its number tells it from every other row this object has seen.
    struct OpenRow {
        std::size_t first_value = 0;
        std::uint64_t number = 0;
    };

    static constexpr std::size_t kBracketBytes = 2;
    static constexpr std::size_t kCapacityMax = kTextBytesMax + kBracketBytes;
    static constexpr std::size_t kCapacityStart = 4 * 1024;
    static constexpr std::size_t kCapacityKeptMax = 1024 * 1024;  // after a longer text it is freed
    ondemand::parser parser_{kCapacityMax};
    std::string text_;
    const JsonSelector* selector_ = nullptr;
    OpenRow row_;
    std::uint64_t rows_read_ = 0;
    Fault fault_{};                       // of a step that returned false
    std::vector<std::uint64_t> entered_;  // by node: the row in which it was last entered
    std::string path_;                    // of the leaf being read
};

Decoded<void> JsonSelector::Pass::read(const JsonSelector& selector, std::string_view text) {
    selector_ = &selector;
    forget();
    fault_ = {Refusal::malformed, translatable("the text is not valid JSON")};
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    if (!starts_like_json(text))
        return Fault{Refusal::not_this_format, translatable("the message is not JSON")};
    ondemand::document document;
    if (load(text, document) && walk_only_element(document)) return {};
    forget();
    if (fault_.cause == Refusal::malformed && ends_early(text))
        return Fault{Refusal::truncated, translatable("the JSON text ends early")};
    return fault_;
}

void JsonSelector::Pass::forget() {
    values.clear();
    leaves.clear();
    leaf_paths.clear();
    path_.clear();
    elements = 0;
    elements_kind = JsonScalar::Kind::absent;
    entered_.resize(selector_->pointers_.size());
    begin_row(selector_->message_slots_);
}

bool JsonSelector::Pass::fail(Refusal cause, const char* detail) {
    fault_ = {cause, detail};
    return false;
}

bool JsonSelector::Pass::load(std::string_view text, ondemand::document& document) {
    if (text.size() > kTextBytesMax)
        return fail(Refusal::limit_exceeded, translatable("the JSON text is too long"));
    const std::size_t size = text.size() + kBracketBytes;
    if (parser_.capacity() > kCapacityKeptMax && size <= kCapacityKeptMax) {
        parser_ = ondemand::parser{kCapacityMax};
        text_ = std::string{};
    }
    if (parser_.capacity() < size) {
        const std::size_t capacity = std::bit_ceil(std::max(size, kCapacityStart));
        if (parser_.allocate(std::min(capacity, kCapacityMax)))
            return fail(Refusal::limit_exceeded, translatable("no memory for so long a JSON text"));
    }
    text_.assign(1, '[').append(text).append(1, ']').append(simdjson::SIMDJSON_PADDING, ' ');
    const auto error = parser_.iterate(text_.data(), size, text_.size()).get(document);
    if (error == simdjson::UTF8_ERROR)
        return fail(Refusal::malformed, translatable("the text is not UTF-8"));
    return !error;
}

bool JsonSelector::Pass::walk_only_element(ondemand::document& document) {
    ondemand::array array;
    if (document.get_array().get(array)) return false;
    std::size_t count = 0;
    for (auto element : array) {
        if (element.error() || ++count > 1) return false;
        ondemand::value value = element.value_unsafe();
        if (!walk(value, selector_->message_, 0)) return false;
    }
    return count == 1 && document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

bool JsonSelector::Pass::walk(ondemand::value& value, Node node, std::size_t depth) {
    const Target target = node == JsonPointers::kNone ? Target{} : selector_->targets_[node];
    if (target.wanted == Wanted::leaves) return walk_leaves(value, depth);
    JsonScalar scalar;
    if (!read_scalar(value, scalar)) return false;
    if (target.slot != kNoSlot) values[row_.first_value + target.slot] = scalar;
    if (target.wanted == Wanted::elements) elements_kind = scalar.kind;
    if (!scalar.is_container()) return true;
    if (!may_enter(depth)) return false;
    if (scalar.kind == JsonScalar::Kind::object) return walk_object(value, node, depth + 1);
    if (target.wanted == Wanted::elements) return walk_elements(value, depth + 1);
    return walk_array(value, node, depth + 1);
}

bool JsonSelector::Pass::walk_object(ondemand::value& value, Node node, std::size_t depth) {
    return for_each_member(value, [&](std::string_view name, ondemand::value& member) {
        const Node child = child_of(node, name);
        return accepts(node, name) && enter(child) && walk(member, child, depth);
    });
}

bool JsonSelector::Pass::walk_array(ondemand::value& value, Node node, std::size_t depth) {
    const bool selected = node != JsonPointers::kNone && selector_->pointers_.has_children(node);
    return for_each_element(value, [&](std::size_t index, ondemand::value& element) {
        const Node child = selected ? child_of(node, IndexToken{index}) : JsonPointers::kNone;
        return walk(element, child, depth);
    });
}

bool JsonSelector::Pass::walk_elements(ondemand::value& value, std::size_t depth) {
    const OpenRow message = row_;
    const bool walked = for_each_element(value, [&](std::size_t index, ondemand::value& element) {
        if (index == kElementsMax)
            return fail(Refusal::limit_exceeded, translatable("too many samples in a message"));
        ++elements;
        begin_row(selector_->element_slots_);
        return walk(element, selector_->element_, depth);
    });
    row_ = message;
    return walked;
}

bool JsonSelector::Pass::walk_leaves(ondemand::value& value, std::size_t depth) {
    JsonScalar scalar;
    if (!read_scalar(value, scalar)) return false;
    if (!scalar.is_container()) return keep_leaf(scalar);
    if (!may_enter(depth)) return false;
    if (scalar.kind == JsonScalar::Kind::object) {
        return for_each_member(value, [&](std::string_view name, ondemand::value& member) {
            return walk_leaf(member, name, depth + 1);
        });
    }
    return for_each_element(value, [&](std::size_t index, ondemand::value& element) {
        return walk_leaf(element, IndexToken{index}, depth + 1);
    });
}

bool JsonSelector::Pass::walk_leaf(
    ondemand::value& value, std::string_view token, std::size_t depth
) {
    const std::size_t parent = path_.size();
    if (parent > 0) path_ += '.';
    path_ += token;
    if (path_.size() > kLeafPathMax)
        return fail(Refusal::limit_exceeded, translatable("a member's dotted path is too long"));
    const bool walked = walk_leaves(value, depth);
    path_.resize(parent);
    return walked;
}

bool JsonSelector::Pass::keep_leaf(const JsonScalar& scalar) {
    if (leaves.size() == kLeavesMax)
        return fail(Refusal::limit_exceeded, translatable("too many values in a message"));
    leaves.push_back({leaf_paths.size(), path_.size(), scalar});
    leaf_paths += path_;
    return true;
}

JsonPointers::Node JsonSelector::Pass::child_of(Node node, std::string_view token) const {
    return node == JsonPointers::kNone ? node : selector_->pointers_.child(node, token);
}

bool JsonSelector::Pass::accepts(Node object, std::string_view name) {
    if (object != selector_->element_ || selector_->name_check_ == nullptr) return true;
    const auto checked = selector_->name_check_(name);
    return checked ? true : fail(checked.error().cause, checked.error().detail);
}

// Marks that the row being filled has a value there; it may have only one.
bool JsonSelector::Pass::enter(Node node) {
    if (node == JsonPointers::kNone) return true;
    if (std::exchange(entered_[node], row_.number) != row_.number) return true;
    return fail(Refusal::malformed, translatable("a mapped JSON member appears twice"));
}

bool JsonSelector::Pass::may_enter(std::size_t depth) {
    if (depth < kNestingMax) return true;
    return fail(Refusal::limit_exceeded, translatable("the JSON is nested too deeply"));
}

void JsonSelector::Pass::begin_row(std::size_t slots) {
    row_ = {values.size(), ++rows_read_};
    values.resize(values.size() + slots);
}

JsonSelector::JsonSelector() : targets_(pointers_.size()), pass_(std::make_unique<Pass>()) {}

JsonSelector::~JsonSelector() = default;

JsonSelector::Slot JsonSelector::select(std::string_view pointer) {
    return add(message_, pointer, message_slots_);
}

void JsonSelector::select_elements(std::string_view array) {
    want(array, Wanted::elements);
}

JsonSelector::Slot JsonSelector::select_in_element(std::string_view pointer) {
    return add(element_, pointer, element_slots_);
}

void JsonSelector::select_leaves(std::string_view pointer) {
    want(pointer, Wanted::leaves);
}

// A text that is not a pointer gets a slot of its own, which stays absent.
JsonSelector::Slot JsonSelector::add(
    JsonPointers::Node root, std::string_view pointer, Slot& slots
) {
    const JsonPointers::Node node = pointers_.add(root, pointer);
    targets_.resize(pointers_.size());
    if (node == JsonPointers::kNone) return slots++;
    Target& target = targets_[node];
    if (target.slot == kNoSlot) target.slot = slots++;
    return target.slot;
}

void JsonSelector::want(std::string_view pointer, Wanted wanted) {
    const JsonPointers::Node node = pointers_.add(message_, pointer);
    targets_.resize(pointers_.size());
    if (node != JsonPointers::kNone) targets_[node].wanted = wanted;
}

Decoded<void> JsonSelector::read(std::string_view text) {
    return pass_->read(*this, text);
}

JsonSelector::Row JsonSelector::message() const {
    return Row{pass_->values}.first(message_slots_);
}

JsonScalar::Kind JsonSelector::elements_kind() const {
    return pass_->elements_kind;
}

std::size_t JsonSelector::element_count() const {
    return pass_->elements;
}

JsonSelector::Row JsonSelector::element(std::size_t index) const {
    return Row{pass_->values}.subspan(message_slots_ + index * element_slots_, element_slots_);
}

std::size_t JsonSelector::leaf_count() const {
    return pass_->leaves.size();
}

JsonLeaf JsonSelector::leaf(std::size_t index) const {
    const auto& leaf = pass_->leaves[index];
    return {
        std::string_view{pass_->leaf_paths}.substr(leaf.path_begin, leaf.path_size), leaf.scalar};
}

}  // namespace gateway::decode
