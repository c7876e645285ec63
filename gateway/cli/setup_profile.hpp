#pragma once
#include "gateway/settings/document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

// A configuration to start from, for one service of a city: config/profiles.
struct SetupProfile {
    std::string name;  // of its file, without ".toml"
    settings::Table document;
    // For each [[source]], the lines of its comment that show a message: "topic …", "message …".
    std::vector<std::vector<std::string>> examples;
};

// The profile in a text; nothing if that is not a configuration without errors.
std::optional<SetupProfile> read_profile(std::string name, std::string_view text);

struct SetupProfiles {
    std::vector<SetupProfile> usable;   // by name
    std::vector<std::string> unusable;  // files that `passerelle check` finds errors in
};

// What is in a directory, as far as it ends in ".toml". Reads files.
SetupProfiles profiles_in(const std::string& directory);

// Where what is installed beside this program lies: its prefix's share/passerelle, or else
// /usr/share/passerelle. Looks at the disk.
std::string share_directory();

// What a profile is about: the titles of its datasets in a language, "fr" or "en".
std::string profile_title(const SetupProfile& profile, std::string_view language);

// The tables of a list of the document: "source", "dataset", "uplink". Valid as long as it is.
std::vector<const settings::Table*> tables_of(
    const settings::Table& document, std::string_view name
);

// The text under a key; empty if there is none.
std::string text_in(const settings::Table& table, std::string_view key);

}  // namespace gateway::cli
