#include "gateway/buffer/suspicion.hpp"

#include "gateway/buffer/file_reader.hpp"
#include "gateway/buffer/log_scan.hpp"
#include "gateway/buffer/sequence_mark.hpp"

namespace gateway::buffer {

void suspect_store(const std::string& path) {
    SequenceMark mark(sequence_mark_path(path));
    mark.load();
    [[maybe_unused]] const auto saved = mark.suspect(true);
}

bool is_suspect(const std::string& path) {
    SequenceMark mark(sequence_mark_path(path));
    mark.load();
    return mark.suspect() || scan_log(FileReader(path + "-wal")).damaged;
}

}  // namespace gateway::buffer
