#pragma once
#include "gateway/cli/placed_files.hpp"
#include "gateway/cli/setup_questions.hpp"
#include "gateway/model/result.hpp"

#include <map>
#include <string>
#include <vector>

namespace gateway::cli {

// A file that a configuration names and that is made with it.
struct SetupFile {
    std::string path;
    std::string words;  // what it is
    std::string content;
    PlacedFiles::Reader reader = PlacedFiles::Reader::group;
};

// What is to be in files of secrets, by their paths.
using SetupSecrets = std::map<std::string, std::string, std::less<>>;

// The files beside the configuration that complete answers make and that are not there yet: those
// of the devices, with nobody in them; secrets that were typed; the certificate of the box, made
// here, with its key. An error when that cannot be made. Contents are the caller's to wipe. Looks
// at the disk.
model::Result<std::vector<SetupFile>> files_beside(
    const SetupSurroundings& surroundings, const SetupAnswers& answers, const SetupSecrets& secrets
);

// How the configuration that is there stands to the one that is to be written.
enum class PresentFile {
    none,
    same,
    example,  // as it was installed: nobody changed it
    changed   // or unreadable
};
PresentFile present_file(const std::string& file, const std::string& text);

}  // namespace gateway::cli
