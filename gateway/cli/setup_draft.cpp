#include "gateway/cli/setup_draft.hpp"

#include "gateway/settings/topic_text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <variant>

namespace gateway::cli {
namespace {

using settings::Array;
using settings::Entry;
using settings::Table;
using settings::Value;

// What a source says of the way its devices connect: it is said anew.
constexpr std::array<std::string_view, 15> kTransportKeys{
    "driver",
    "url",
    "username",
    "password",
    "client_id",
    "version",
    "qos",
    "keep_alive",
    "listen",
    "listen_secure",
    "tls",
    "accounts",
    "device_keys",
    "anonymous",
    "access"};

Value text_value(std::string key, std::string text) {
    return {std::move(key), {}, std::move(text)};
}

// At its place, or behind the others.
void set(Table& table, Value value) {
    for (Entry& entry : table.entries) {
        if (entry.key != value.key) continue;
        entry.value = std::move(value);
        return;
    }
    std::string key = value.key;
    table.entries.push_back({std::move(key), {}, std::move(value)});
}

void set(Table& table, std::string_view key, std::string text) {
    set(table, text_value(std::string(key), std::move(text)));
}

void remove(Table& table, std::string_view key) {
    std::erase_if(table.entries, [key](const Entry& entry) { return entry.key == key; });
}

void set_or_remove(Table& table, std::string_view key, const std::string& text) {
    if (text.empty()) return remove(table, key);
    set(table, key, text);
}

Value table_value(
    std::string key, std::initializer_list<std::pair<std::string, std::string>> texts
) {
    Table table;
    for (const auto& [name, text] : texts) set(table, name, text);
    return {std::move(key), {}, std::move(table)};
}

Value secret_value(std::string key, const std::string& file) {
    return table_value(std::move(key), {{"file", file}});
}

Table* table_in(Table& document, std::string_view key) {
    for (Entry& entry : document.entries) {
        if (entry.key == key) return std::get_if<Table>(&entry.value.content);
    }
    return nullptr;
}

// The table of this name, made where there is none.
Table& own_table(Table& document, std::string_view key) {
    if (table_in(document, key) == nullptr) set(document, {std::string(key), {}, Table{}});
    return *table_in(document, key);
}

void replace_list(Table& document, std::string_view key, std::vector<Table> tables) {
    if (tables.empty()) return remove(document, key);
    Array array;
    for (Table& table : tables) array.push_back({std::string(key), {}, std::move(table)});
    set(document, {std::string(key), {}, std::move(array)});
}

std::vector<std::string> texts_in(const Table& table, std::string_view key) {
    std::vector<std::string> texts;
    const Value* list = table.find(key);
    const auto* array = list != nullptr ? std::get_if<Array>(&list->content) : nullptr;
    if (array == nullptr) return texts;
    for (const Value& element : *array) {
        if (const auto* text = std::get_if<std::string>(&element.content)) texts.push_back(*text);
    }
    return texts;
}

class Drafting {
  public:
    Drafting(const SetupSurroundings& surroundings, const SetupAnswers& answers)
        : around_(surroundings), answers_(answers) {}

    Table draft(const SetupProfile& profile) {
        document_ = profile.document;
        write_box();
        write_register();
        write_sources();
        write_datasets();
        write_uplink();
        return std::move(document_);
    }

  private:
    std::string answer(std::string_view key) const { return answer_to(answers_, key); }
    void write_box();
    void write_register();
    void write_sources();
    void write_datasets();
    void write_uplink();
    Table source_with_way(const Table& source, const std::string& name) const;
    void add_listener(Table& source, const std::string& name) const;
    void add_broker(Table& source) const;
    void add_coap(Table& source, const std::string& name) const;
    std::set<std::string> fed_datasets() const;
    Table chosen_uplink() const;

    const SetupSurroundings& around_;
    const SetupAnswers& answers_;
    Table document_;
};

void Drafting::write_box() {
    Table& gateway = own_table(document_, "gateway");
    set(gateway, "id", answer("id"));
    set_or_remove(gateway, "city", answer("city"));
    set(gateway, "language", answer("language"));
    set(gateway, "state_directory", answer("state_directory"));
    set(own_table(document_, "buffer"), "path", answer("state_directory") + "/buffer.db");
    Table& status = own_table(document_, "status");
    set(status, "listen", answer("status_listen"));
    set(status, "socket", answer("status_socket"));
    set_or_remove(status, "group", answer("group"));
}

void Drafting::write_register() {
    if (answer("contact").empty()) return remove(document_, "register");
    Table record;
    set(record, "profile", answer("law"));
    set(record, "controller", answer("controller"));
    set(record, "contact", answer("contact"));
    set(document_, {"register", {}, std::move(record)});
}

void Drafting::write_sources() {
    std::vector<Table> sources;
    for (const Table* source : tables_of(document_, "source")) {
        const std::string name = text_in(*source, "name");
        if (answer("connect." + name) != kNoWay) sources.push_back(source_with_way(*source, name));
    }
    replace_list(document_, "source", std::move(sources));
}

// Its name and the way its devices connect, then what they send.
Table Drafting::source_with_way(const Table& source, const std::string& name) const {
    const std::string way = answer("connect." + name);
    Table made;
    set(made, "name", name);
    set(made, "driver", way);
    if (way == kToListener) add_listener(made, name);
    if (way == kToBroker) add_broker(made);
    if (way == kToCoap) add_coap(made, name);
    for (const Entry& entry : source.entries) {
        const auto& keys = kTransportKeys;
        if (std::find(keys.begin(), keys.end(), entry.key) == keys.end()) set(made, entry.value);
    }
    if (way == kToBroker) return made;
    // Who sends under a topic that names no device speaks for others, as a lorry does for its bins.
    Array speakers;
    for (const std::string& topic : texts_in(source, "topics")) {
        if (settings::has_level(topic, "device")) continue;
        Value topics{"topics", {}, Array{text_value("topics", settings::broker_filter(topic))}};
        Value speaker = table_value("access", {{"identity", "*"}});
        set(std::get<Table>(speaker.content), std::move(topics));
        speakers.push_back(std::move(speaker));
    }
    if (!speakers.empty()) set(made, {"access", {}, std::move(speakers)});
    return made;
}

void Drafting::add_listener(Table& source, const std::string& name) const {
    const bool is_own = answer("certificate") == "make";
    const std::string file = is_own ? own_certificate_file(around_) : answer("certificate_file");
    const std::string key = is_own ? own_key_file(around_) : answer("certificate_key_file");
    set(source, "listen_secure", answer("listen." + name));
    set(source, table_value("tls", {{"certificate_file", file}, {"key_file", key}}));
    set(source, secret_value("accounts", devices_file(around_, name)));
}

void Drafting::add_broker(Table& source) const {
    set(source, "url", answer("broker"));
    set_or_remove(source, "username", answer("broker_user"));
    if (const std::string file = answer("broker_password_file"); !file.empty())
        set(source, secret_value("password", file));
}

void Drafting::add_coap(Table& source, const std::string& name) const {
    set(source, "listen", "");
    set(source, "listen_secure", answer("listen." + name));
    set(source, secret_value("device_keys", devices_file(around_, name)));
}

std::set<std::string> Drafting::fed_datasets() const {
    std::set<std::string> fed;
    for (const Table* source : tables_of(document_, "source"))
        fed.insert(text_in(*source, "dataset"));
    return fed;
}

void Drafting::write_datasets() {
    constexpr std::string_view kCountry =
        "http://publications.europa.eu/resource/authority/country/";
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kCountries{
        {{"fr", "FRA"}, {"ma", "MAR"}, {"sn", "SEN"}, {"tn", "TUN"}}};
    const auto fed = fed_datasets();
    const auto country =
        std::find_if(kCountries.begin(), kCountries.end(), [this](const auto& each) {
            return each.first == answer("law");
        });
    std::vector<Table> datasets;
    for (const Table* profile : tables_of(document_, "dataset")) {
        if (!fed.contains(text_in(*profile, "name"))) continue;
        Table dataset = *profile;
        if (country == kCountries.end()) {
            remove(dataset, "spatial");
        } else if (dataset.find("spatial") != nullptr) {
            set(dataset, "spatial", std::string(kCountry).append(country->second));
        }
        datasets.push_back(std::move(dataset));
    }
    replace_list(document_, "dataset", std::move(datasets));
}

// The recipient that gets everything; where there is none, the first one, with what it gets.
Table Drafting::chosen_uplink() const {
    const auto uplinks = tables_of(document_, "uplink");
    const auto gets_all = std::find_if(uplinks.begin(), uplinks.end(), [](const Table* uplink) {
        return uplink->find("datasets") == nullptr;
    });
    if (gets_all != uplinks.end()) return **gets_all;
    Table uplink;
    if (!uplinks.empty()) uplink = *uplinks.front();
    if (uplinks.empty()) set(uplink, "name", "plateforme");
    const auto fed = fed_datasets();
    Array datasets;
    for (std::string& dataset : texts_in(uplink, "datasets")) {
        if (fed.contains(dataset)) datasets.push_back(text_value("datasets", std::move(dataset)));
    }
    if (!datasets.empty()) set(uplink, {"datasets", {}, std::move(datasets)});
    return uplink;
}

void Drafting::write_uplink() {
    if (answer("uplink_url").empty()) return remove(document_, "uplink");
    Table uplink = chosen_uplink();
    set(uplink, "kind", "http");
    set(uplink, "url", answer("uplink_url"));
    remove(uplink, "bearer_token");
    remove(uplink, "tls");
    if (const std::string file = answer("token_file"); !file.empty())
        set(uplink, secret_value("bearer_token", file));
    if (const std::string file = answer("uplink_ca"); !file.empty())
        set(uplink, table_value("tls", {{"ca_file", file}}));
    std::vector<Table> uplinks;
    uplinks.push_back(std::move(uplink));
    replace_list(document_, "uplink", std::move(uplinks));
}

}  // namespace

std::string devices_file(const SetupSurroundings& surroundings, const std::string& source) {
    return surroundings.directory + "/devices-" + source;
}

std::string own_certificate_file(const SetupSurroundings& surroundings) {
    return surroundings.directory + "/box.crt";
}

std::string own_key_file(const SetupSurroundings& surroundings) {
    return surroundings.directory + "/box.key";
}

settings::Table setup_draft(const SetupSurroundings& surroundings, const SetupAnswers& answers) {
    const auto* profile = chosen_profile(surroundings, answers);
    return profile == nullptr ? Table{} : Drafting(surroundings, answers).draft(*profile);
}

}  // namespace gateway::cli
