#include "gateway/cli/setup_profile.hpp"

#include "gateway/settings/loader.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <variant>

namespace gateway::cli {
namespace {

using settings::Table;
using settings::Value;

constexpr std::size_t kProfilesMax = 64;

// "#     topic    water/…" as it stands; empty for any other line.
bool shows_message(std::string_view line) {
    constexpr std::string_view kIndent = "#     ";
    if (!line.starts_with(kIndent)) return false;
    line.remove_prefix(kIndent.size());
    constexpr std::array<std::string_view, 3> kWords{"topic ", "path ", "message "};
    return std::any_of(kWords.begin(), kWords.end(), [line](std::string_view word) {
        return line.starts_with(word);
    });
}

// Comments stand before the header that they are about.
std::vector<std::vector<std::string>> examples_in(std::string_view text) {
    std::vector<std::vector<std::string>> examples;
    std::vector<std::string> waiting;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (shows_message(line)) waiting.emplace_back(line);
        if (!line.starts_with('[')) continue;
        if (line.starts_with("[[source]]")) examples.push_back(waiting);
        waiting.clear();
    }
    return examples;
}

}  // namespace

std::optional<SetupProfile> read_profile(std::string name, std::string_view text) {
    if (!settings::load_text(text, name, {.look_at_files = false}).settings) return std::nullopt;
    settings::Diagnostics diagnostics(name);
    auto document = settings::parse_document(text, diagnostics);
    if (!document) return std::nullopt;
    return SetupProfile{std::move(name), std::move(*document), examples_in(text)};
}

SetupProfiles profiles_in(const std::string& directory) {
    std::vector<std::filesystem::path> files;
    std::error_code failure;
    for (std::filesystem::directory_iterator next(directory, failure), end; next != end;
         next.increment(failure)) {
        if (next->path().extension() == ".toml") files.push_back(next->path());
        if (failure || files.size() == kProfilesMax) break;
    }
    std::sort(files.begin(), files.end());
    SetupProfiles profiles;
    for (const auto& file : files) {
        std::ifstream stream(file, std::ios::binary);
        const std::string text(std::istreambuf_iterator<char>(stream), {});
        if (auto profile = read_profile(file.stem().string(), text)) {
            profiles.usable.push_back(std::move(*profile));
        } else {
            profiles.unusable.push_back(file.string());
        }
    }
    return profiles;
}

std::string share_directory() {
    std::error_code failure;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failure);
    const auto beside = program.parent_path().parent_path() / "share/passerelle";
    if (std::filesystem::is_directory(beside, failure)) return beside.string();
    return "/usr/share/passerelle";
}

std::string profile_title(const SetupProfile& profile, std::string_view language) {
    std::string title;
    for (const Table* dataset : tables_of(profile.document, "dataset")) {
        const Value* written = dataset->find("title");
        if (written == nullptr) continue;
        const auto* in_languages = std::get_if<Table>(&written->content);
        const std::string text =
            in_languages != nullptr ? text_in(*in_languages, language) : text_in(*dataset, "title");
        title.append(title.empty() || text.empty() ? "" : " · ").append(text);
    }
    return title;
}

std::vector<const Table*> tables_of(const Table& document, std::string_view name) {
    std::vector<const Table*> tables;
    const Value* list = document.find(name);
    const auto* array = list != nullptr ? std::get_if<settings::Array>(&list->content) : nullptr;
    if (array == nullptr) return tables;
    for (const Value& element : *array) {
        if (const auto* table = std::get_if<Table>(&element.content)) tables.push_back(table);
    }
    return tables;
}

std::string text_in(const Table& table, std::string_view key) {
    const Value* value = table.find(key);
    const auto* text = value != nullptr ? std::get_if<std::string>(&value->content) : nullptr;
    return text != nullptr ? *text : std::string{};
}

}  // namespace gateway::cli
