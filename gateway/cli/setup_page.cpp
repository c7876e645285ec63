#include "gateway/cli/setup_page.hpp"

#include "gateway/cli/setup_draft.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/cli/toml_text.hpp"
#include "gateway/language/translate.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace gateway::cli {
namespace {

using language::tr;
using settings::Entry;
using settings::Table;
using settings::Value;

constexpr std::size_t kCommentColumns = 78;

// Text as comment lines.
std::string comment(const std::string& text) {
    std::string lines = wrapped("# ", text, kCommentColumns);
    for (std::size_t end = lines.find('\n'); end + 1 < lines.size();
         end = lines.find('\n', end + 1))
        lines[end + 1] = '#';
    return lines;
}

// What cannot be written yet, as lines to be completed.
std::string commented_out(std::string_view lines) {
    std::string text;
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        text.append("#     ").append(line).append(1, '\n');
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    }
    return text;
}

std::string about(std::string_view table) {
    const std::initializer_list<std::pair<std::string_view, const char*>> texts{
        {"gateway", ""},
        {"buffer", tr("Where readings wait until the city has confirmed them.")},
        {"clock", tr("Who vouches for the date. A box without a battery starts with a wrong one.")},
        {"status", tr("The status page, and the socket of the commands.")},
        {"privacy", tr("What personal data calls for is an error here, not a warning.")},
        {"register",
         tr("Who answers for the processing: for `passerelle register` and `passerelle charter`.")},
        {"source",
         tr("Ways in. What is below [source.json] or quantities says what of a message is read.")},
        {"dataset",
         tr("What is collected, why, and what happens to each field. A field without a rule is "
            "dropped before anything reaches the disk. Let the data-protection officer read "
            "purpose, legal_basis and retention.")},
        {"uplink", tr("Who receives the readings.")}};
    const auto found = std::find_if(texts.begin(), texts.end(), [table](auto& each) {
        return each.first == table;
    });
    return found == texts.end() ? std::string{} : found->second;
}

TomlNotes notes_for(std::string_view table) {
    if (table == "gateway") return {{"id", tr("goes with every reading: keep it")}};
    if (table == "buffer")
        return {
            {"size_max", tr("of the card or disk, never more")},
            {"full", tr("\"evict\" the oldest, or \"refuse\" new ones")}};
    if (table == "clock") return {{"trust", tr("\"always\" where the clock has a battery")}};
    if (table == "source")
        return {
            {"accounts", tr("written by passerelle device add")},
            {"device_keys", tr("written by passerelle device add")}};
    if (table == "dataset")
        return {
            {"name", tr("keys of pseudonyms belong to it: keep it")},
            {"retention", tr("then what nobody took is deleted")}};
    if (table == "uplink")
        return {
            {"name", tr("what was delivered is remembered by it: keep it")},
            {"batch_age_max", tr("longer: fewer, fuller batches")}};
    return {};
}

class Page {
  public:
    Page(const SetupSurroundings& surroundings, const SetupAnswers& answers)
        : around_(surroundings), profile_(*chosen_profile(surroundings, answers)) {}

    std::string write(const Table& document) {
        begin();
        for (const Entry& entry : document.entries) {
            add(entry);
            // The register is asked for in this place, also where it is not known yet.
            if (entry.key == "privacy" && document.find("register") == nullptr)
                add_missing_register();
        }
        if (document.find("uplink") == nullptr) add_missing_uplink();
        return std::move(text_);
    }

  private:
    void begin();
    void add(const Entry& entry);
    void add_table(const std::string& name, const std::string& header, const Table& table);
    void add_missing_register();
    void add_missing_uplink();
    std::string examples_of(const std::string& source) const;

    const SetupSurroundings& around_;
    const SetupProfile& profile_;
    std::string text_;
};

void Page::begin() {
    text_ = comment(
        tr("The configuration of this box, made by `passerelle setup` from the profile \"{0}\".",
           {profile_.name})
    );
    text_ += "#\n";
    text_ += comment(
        tr("After a change: passerelle check {0}, then passerelle apply {0}. Every key is "
           "explained in the reference (config/README). Passwords and keys are never written "
           "here: they are in files of their own.",
           {around_.file})
    );
}

void Page::add(const Entry& entry) {
    text_ += '\n';
    if (const std::string words = about(entry.key); !words.empty()) text_ += comment(words);
    if (const auto* table = std::get_if<Table>(&entry.value.content))
        add_table(entry.key, '[' + entry.key + ']', *table);
    const auto* list = std::get_if<settings::Array>(&entry.value.content);
    if (list == nullptr) return;
    for (const Value& element : *list) {
        text_ += '\n';
        const auto& table = std::get<Table>(element.content);
        if (entry.key == "source") text_ += examples_of(text_in(table, "name"));
        add_table(entry.key, "[[" + entry.key + "]]", table);
    }
}

void Page::add_table(const std::string& name, const std::string& header, const Table& table) {
    text_ += toml_text(header, table, notes_for(name));
}

std::string Page::examples_of(const std::string& source) const {
    const auto sources = tables_of(profile_.document, "source");
    for (std::size_t i = 0; i < std::min(sources.size(), profile_.examples.size()); ++i) {
        if (text_in(*sources[i], "name") != source || profile_.examples[i].empty()) continue;
        std::string text = comment(tr("A message of such a device:"));
        for (const std::string& line : profile_.examples[i]) text.append(line).append(1, '\n');
        return text;
    }
    return {};
}

void Page::add_missing_register() {
    text_ += '\n';
    text_ += comment(
        tr("Who answers for the processing is not said yet: `passerelle register` and `passerelle "
           "charter` need it. Take the # away and complete:")
    );
    text_ +=
        commented_out("[register]\nprofile = \"fr\"\ncontroller = \"…\"\ncontact = \"donnees@…\"\n"
        );
}

void Page::add_missing_uplink() {
    text_ += '\n';
    text_ += comment(
        tr("Nobody receives the readings yet: they wait on this box until their retention ends. "
           "Take the # away and complete:")
    );
    text_ += commented_out(
        "[[uplink]]\nname = \"plateforme\"\nkind = \"http\"\nurl = \"https://…\"\n"
        "bearer_token = { file = \"" +
        around_.directory + "/platform-token\" }\n"
    );
}

}  // namespace

std::string setup_text(const SetupSurroundings& surroundings, const SetupAnswers& answers) {
    return Page(surroundings, answers).write(setup_draft(surroundings, answers));
}

}  // namespace gateway::cli
