#include "gateway/doctor/directory.hpp"

namespace gateway::doctor {
namespace {

namespace fs = std::filesystem;

// A range-for would throw where the next entry cannot be read.
template <class Iterator>
std::error_code walk(const std::string& directory, std::size_t entries_max, const SeeEntry& see) {
    std::error_code failure;
    Iterator entry(directory, failure);
    std::size_t seen = 0;
    for (; !failure && entry != Iterator{} && seen < entries_max; entry.increment(failure)) {
        see(entry->path());
        ++seen;
    }
    return failure;
}

}  // namespace

std::error_code for_each_entry(
    const std::string& directory, std::size_t entries_max, const SeeEntry& see
) {
    return walk<fs::directory_iterator>(directory, entries_max, see);
}

std::error_code for_each_entry_below(
    const std::string& directory, std::size_t entries_max, const SeeEntry& see
) {
    return walk<fs::recursive_directory_iterator>(directory, entries_max, see);
}

}  // namespace gateway::doctor
