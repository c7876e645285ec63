#include "gateway/cli/redaction.hpp"

#include "gateway/cli/redaction_words.hpp"
#include "gateway/model/time.hpp"
#include "gateway/settings/address.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cctype>

namespace gateway::cli {
namespace {

namespace json = boost::json;
using settings::Array;
using settings::Table;
using settings::Value;

// Of objects whose keys are names: what these are of.
std::string_view kind_of_keys(std::string_view parent) {
    if (parent == "uplinks") return "uplink";
    return parent == "waiting_in" ? "dataset" : std::string_view();
}

// What a name is of: "name" is that of the table it stands in.
std::string_view kind_of(std::string_view key, std::string_view parent) {
    if (key == "name" && (parent == "source" || parent == "sources")) return "source";
    if (key == "name" && (parent == "sum" || parent == "sums")) return "sum";
    if (key == "name" && (parent == "uplink" || parent == "uplinks")) return "uplink";
    if (key == "name" && parent == "quantity") return "quantity";
    if (key == "name" || key == "dataset" || key == "datasets" || key == "into") return "dataset";
    if (key == "from" && (parent == "sum" || parent == "sums")) return "dataset";
    if (key == "uplink" || key == "source" || key == "sum" || key == "recipient") return key;
    if (key == "quantity" || key == "file") return key;
    return "text";
}

// "30 s", "2 GiB", "P1M", "25 %": a number with a unit of time or size.
bool is_measure(std::string_view text) {
    static constexpr std::string_view kOfPeriod = "PTYMWDHS0123456789.";
    if (text.starts_with('P') && text.size() > 2 &&
        text.find_first_not_of(kOfPeriod) == std::string_view::npos)
        return true;
    const std::size_t end = text.find_first_not_of("0123456789.");
    if (end == 0 || end == std::string_view::npos) return false;
    text.remove_prefix(end);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return is_unit_word(text);
}

// Of a release: "0.3.1".
bool is_version(std::string_view text) {
    return !text.empty() && text.size() <= 16 &&
           text.find_first_not_of("0123456789.") == std::string_view::npos;
}

// The gateway's own: "uplink-unreachable".
bool is_code(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char each) {
        return (each >= 'a' && each <= 'z') || each == '-' || each == '_';
    });
}

// Those that take updates: a bundle has no devices.
bool is_list_of_devices(std::string_view key, std::string_view parent) {
    return parent == "firmware" && key == "devices";
}

class Walker {
  public:
    explicit Walker(Redaction& redaction) : redaction_(redaction) {}

    // What stands under `key` of an object that itself stands under `parent`.
    json::value walk(const json::value& value, std::string_view key, std::string_view parent) {
        if (const auto* object = value.if_object()) return walk(*object, key);
        if (const auto* array = value.if_array()) {
            json::array walked;
            for (const json::value& each : *array) walked.push_back(walk(each, key, parent));
            return walked;
        }
        if (const auto* text = value.if_string())
            return json::string(word(std::string_view(text->data(), text->size()), key, parent));
        if (value.is_number() && !is_known_key(key)) return json::string("number");
        return value;
    }

  private:
    json::value walk(const json::object& object, std::string_view parent) {
        json::object walked;
        const auto names = kind_of_keys(parent);
        for (const auto& member : object) {
            const std::string_view key(member.key().data(), member.key().size());
            if (is_left_out(key) || is_list_of_devices(key, parent)) continue;
            if (!names.empty())
                walked[redaction_.placeholder(names, key)] = walk(member.value(), names, parent);
            else if (is_known_key(key))
                walked[member.key()] = walk(member.value(), key, parent);
            else if (is_counted_by_cause(parent) && is_code(key))
                walked[member.key()] = member.value().is_number() ? member.value() : json::value();
            else
                walked[redaction_.placeholder("key", key)] = walk(member.value(), {}, parent);
        }
        return walked;
    }

    std::string word(std::string_view text, std::string_view key, std::string_view parent) {
        if (text.empty()) return {};
        const auto kind = kind_of(key, parent);
        if (kind != "text") {
            const bool is_closed = (kind == "source" && is_known_word(text)) ||  // the clock's
                                   (kind == "quantity" && redaction_.is_built_in(text));
            return is_closed ? std::string(text) : redaction_.placeholder(kind, text);
        }
        if (is_known_word(text) || is_measure(text) || redaction_.is_built_in(text) ||
            model::parse_rfc3339(text))
            return std::string(text);
        if (key == "version" && is_version(text)) return std::string(text);
        if (key == "code") return code(text);
        return place(text);
    }

    // "uplink-unreachable:city" names whom it is about behind the colon.
    std::string code(std::string_view text) {
        const std::size_t colon = std::min(text.find(':'), text.size());
        const std::string_view head = text.substr(0, colon);
        if (!is_code(head)) return redaction_.placeholder("code", text);
        if (colon == text.size()) return std::string(head);
        const std::string_view kind = head.substr(0, head.find('-'));
        const bool is_of_kind = kind == "uplink" || kind == "source" || kind == "sum";
        return std::string(head).append(":").append(
            redaction_.placeholder(is_of_kind ? kind : "text", text.substr(colon + 1))
        );
    }

    // Of an address the port stays, of a URL the scheme too: they are what goes wrong.
    std::string place(std::string_view text) {
        if (const auto url = settings::parse_url(text)) {
            std::string shown = is_known_word(url->scheme) ? url->scheme : "scheme";
            shown += "://" + host(url->host);
            return url->port ? shown + ':' + std::to_string(*url->port) : shown;
        }
        if (const auto listen = settings::parse_listen(text)) {
            return host(listen->host) + ':' + std::to_string(listen->port);
        }
        return redaction_.placeholder(text.starts_with('/') ? "path" : "text", text);
    }

    std::string host(const std::string& name) {
        if (name == "0.0.0.0" || name == "::") return "any";
        if (settings::is_loopback(name)) return "loopback";
        return redaction_.placeholder("host", name);
    }

    Redaction& redaction_;
};

json::value to_json(const Value& value);

json::object to_json(const Table& table) {
    json::object object;
    for (const auto& entry : table.entries) object[entry.key] = to_json(entry.value);
    return object;
}

json::value to_json(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value.content)) return json::string(*text);
    if (const auto* number = std::get_if<std::int64_t>(&value.content)) return *number;
    if (const auto* number = std::get_if<double>(&value.content)) return *number;
    if (const auto* flag = std::get_if<bool>(&value.content)) return *flag;
    if (const auto* table = std::get_if<Table>(&value.content)) return to_json(*table);
    json::array array;
    if (const auto* values = std::get_if<Array>(&value.content)) {
        for (const Value& each : *values) array.push_back(to_json(each));
    }
    return array;
}

// Where the quoted text ends that begins at `start`: at its closing quote.
std::size_t end_of_label(std::string_view text, std::size_t start) {
    while (start < text.size() && text[start] != '"') start += text[start] == '\\' ? 2U : 1U;
    return std::min(start, text.size());
}

}  // namespace

bool Redaction::is_built_in(std::string_view text) const {
    const auto all = vocabulary_.all();
    return std::any_of(all.begin(), all.end(), [&](const model::Quantity* quantity) {
        return quantity->name == text || quantity->unit == text;
    });
}

std::string Redaction::placeholder(std::string_view kind, std::string_view text) {
    auto [known, is_new] = known_.try_emplace({std::string(kind), std::string(text)}, 0);
    if (is_new) known->second = ++last_[std::string(kind)];
    return std::string(kind) + '-' + std::to_string(known->second);
}

std::string Redaction::json(std::string_view text) {
    boost::system::error_code failure;
    const auto value = json::parse(json::string_view(text.data(), text.size()), failure);
    if (failure) return "\"unreadable\"";
    return json::serialize(Walker(*this).walk(value, {}, {}));
}

std::string Redaction::configuration(const settings::Table& table) {
    // First of all the names, so that their numbers are those of their tables in the file.
    const json::object document = to_json(table);
    for (const char* kind : {"source", "dataset", "sum", "uplink"}) {
        const auto* tables = document.if_contains(kind);
        if (tables == nullptr || !tables->is_array()) continue;
        for (const json::value& each : tables->get_array()) {
            const auto* name = each.is_object() ? each.get_object().if_contains("name") : nullptr;
            if (name != nullptr && name->is_string()) placeholder(kind, name->get_string());
        }
    }
    return json::serialize(Walker(*this).walk(document, {}, {}));
}

std::string Redaction::metrics(std::string_view text) {
    std::string shown;
    std::size_t taken = 0;
    while (true) {
        const std::size_t quote = text.find("=\"", taken);
        if (quote == std::string_view::npos) return shown.append(text.substr(taken));
        std::size_t begin = quote;
        while (begin > taken && (std::isalpha(static_cast<unsigned char>(text[begin - 1])) != 0 ||
                                 text[begin - 1] == '_'))
            --begin;
        const std::string_view label = text.substr(begin, quote - begin);
        const std::size_t end = end_of_label(text, quote + 2);
        const std::string_view value = text.substr(quote + 2, end - quote - 2);
        shown.append(text.substr(taken, quote + 2 - taken));
        const bool is_closed = label == "le" || (label == "cause" && is_code(value)) ||
                               (label == "version" && is_version(value)) || is_known_word(value);
        if (is_closed)
            shown.append(value);
        else
            shown.append(placeholder(kind_of(label, {}), value));
        taken = end;
    }
}

}  // namespace gateway::cli
