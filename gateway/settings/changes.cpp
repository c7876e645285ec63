#include "gateway/settings/changes.hpp"

#include "gateway/settings/document.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <utility>

namespace gateway::settings {
namespace {

constexpr std::size_t kShownMax = 80;  // characters of a value

std::string written(const Value& value);

struct Written {
    std::string operator()(const std::string& text) const { return '"' + text + '"'; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const {
        std::array<char, 32> digits{};
        std::snprintf(digits.data(), digits.size(), "%.17g", number);
        return digits.data();
    }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(DateTime) const { return {}; }  // no key takes one
    std::string operator()(const Array& array) const {
        std::string text = "[";
        for (const Value& element : array) {
            if (text.size() > 1) text += ", ";
            text += written(element);
        }
        return text + ']';
    }
    // Keys in one order, however they are written.
    std::string operator()(const Table& table) const {
        std::map<std::string, std::string> members;
        for (const Entry& entry : table.entries) members[entry.key] = written(entry.value);
        std::string text = "{";
        for (const auto& [key, member] : members) {
            text.append(text.size() > 1 ? ", " : " ").append(key).append(" = ").append(member);
        }
        return text + " }";
    }
};

std::string written(const Value& value) {
    return std::visit(Written{}, value.content);
}

using Keys = std::vector<std::pair<std::string, std::string>>;  // key and value, as written

// A rule is one value whether it is written as its name or as a table.
bool is_one_value(const std::string& prefix) {
    return prefix == "fields.";
}

void flatten(const Table& table, const std::string& prefix, Keys& keys) {
    for (const Entry& entry : table.entries) {
        const auto* inner = std::get_if<Table>(&entry.value.content);
        if (inner != nullptr && !is_one_value(prefix)) {
            flatten(*inner, prefix + entry.key + '.', keys);
        } else {
            keys.emplace_back(prefix + entry.key, written(entry.value));
        }
    }
}

// What a part of a configuration is known by: its section and, of several, its name.
using Place = std::pair<std::string, std::string>;
using Parts = std::vector<std::pair<Place, Keys>>;

void add_part(const std::string& section, const Table& table, Parts& parts) {
    Keys keys;
    flatten(table, {}, keys);
    parts.emplace_back(Place{section, {}}, std::move(keys));
}

void add_parts(const std::string& section, const Array& array, Parts& parts) {
    for (const Value& element : array) {
        const auto* table = std::get_if<Table>(&element.content);
        if (table == nullptr) continue;
        const Value* name = table->find("name");
        const auto* text = name == nullptr ? nullptr : std::get_if<std::string>(&name->content);
        add_part(section, *table, parts);
        parts.back().first.second = text == nullptr ? std::string{} : *text;
    }
}

Parts parts_of(std::string_view text) {
    Diagnostics ignored{{}};
    const auto document = parse_document(text, ignored);
    Parts parts;
    if (!document) return parts;
    for (const Entry& entry : document->entries) {
        if (const auto* table = std::get_if<Table>(&entry.value.content))
            add_part(entry.key, *table, parts);
        if (const auto* array = std::get_if<Array>(&entry.value.content))
            add_parts(entry.key, *array, parts);
    }
    return parts;
}

template <class List, class Key>
auto* find(List& list, const Key& key) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.first == key; });
    return found == list.end() ? nullptr : &found->second;
}

bool is_short(const std::string& text) {
    return text.size() <= kShownMax;
}

std::vector<std::string> uplinks_of(std::string_view text) {
    std::vector<std::string> names;
    for (const auto& [place, keys] : parts_of(text)) {
        if (place.first == "uplink") names.push_back(place.second);
    }
    return names;
}

class Comparison {
  public:
    std::vector<Change> run(const Parts& before, const Parts& now) {
        static const Keys none;
        for (const auto& [place, keys] : now) {
            const Keys* earlier = find(before, place);
            const bool is_one_of_several = !place.second.empty();
            if (earlier == nullptr && is_one_of_several) {
                note(Change::Kind::added, place, {}, {}, {});
            } else {
                compare(place, earlier == nullptr ? none : *earlier, keys);
            }
        }
        for (const auto& [place, keys] : before) {
            if (find(now, place) != nullptr) continue;
            if (place.second.empty()) {
                compare(place, keys, none);
            } else {
                note(Change::Kind::removed, place, {}, {}, {});
            }
        }
        return std::move(found_);
    }

  private:
    void compare(const Place& place, const Keys& before, const Keys& now) {
        for (const auto& [key, value] : now) {
            const std::string* earlier = find(before, key);
            if (earlier == nullptr) {
                note(Change::Kind::added, place, key, {}, value);
            } else if (*earlier != value) {
                note(Change::Kind::changed, place, key, *earlier, value);
            }
        }
        for (const auto& [key, value] : before) {
            if (find(now, key) == nullptr) note(Change::Kind::removed, place, key, value, {});
        }
    }

    void note(
        Change::Kind kind,
        const Place& place,
        const std::string& key,
        const std::string& before,
        const std::string& now
    ) {
        Change change{kind, place.first, place.second, key, {}, {}};
        if (is_short(before) && is_short(now)) {
            change.before = before;
            change.now = now;
        }
        found_.push_back(std::move(change));
    }

    std::vector<Change> found_;
};

}  // namespace

std::vector<Change> changes(std::string_view before, std::string_view now) {
    return Comparison{}.run(parts_of(before), parts_of(now));
}

bool are_only_ways(std::string_view before, std::string_view now) {
    if (uplinks_of(before) != uplinks_of(now)) return false;
    const auto found = changes(before, now);
    return std::all_of(found.begin(), found.end(), [](const Change& change) {
        const bool is_way = change.section == "source" || change.section == "register";
        return is_way || (change.section == "uplink" && change.key != "datasets");
    });
}

}  // namespace gateway::settings
