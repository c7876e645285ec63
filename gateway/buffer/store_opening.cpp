#include "gateway/buffer/store_opening.hpp"

#include "gateway/buffer/error.hpp"
#include "gateway/buffer/file_reader.hpp"
#include "gateway/buffer/salvage.hpp"
#include "gateway/buffer/sequence_mark.hpp"
#include "gateway/buffer/store_file.hpp"

#include <utility>

namespace gateway::buffer {
namespace {

// The new store while it is made, and when it is complete: then the damaged one may go.
constexpr const char* kUnderWay = ".salvaging";
constexpr const char* kComplete = ".salvaged";
constexpr const char* kLog = "-wal";

std::string text_of(const Salvaged& salvaged) {
    std::string text = "readings: " + std::to_string(salvaged.readings);
    text.append(", dead letters: ").append(std::to_string(salvaged.dead_letters));
    text.append(", pages that cannot be read: ").append(std::to_string(salvaged.pages_damaged));
    if (!salvaged.ledger_found) text.append(", the counts begin anew");
    return text;
}

class Opening {
  public:
    Opening(
        const settings::Settings& settings, const runtime::WallClock& clock, const std::string& vfs
    )
        : settings_(settings), path_(settings.buffer.path), clock_(clock), vfs_(vfs) {}

    model::Result<OpenedStore> run() {
        if (exists(path_ + kComplete)) {
            if (auto replaced = put_in_place(); !replaced) return replaced.error();
        }
        if (auto prepared = prepare_store_file(path_); !prepared) return prepared.error();
        SequenceMark mark(sequence_mark_path(path_));
        mark.load();
        auto store = open();
        if (!store && store.error() == Errc::damaged) {
            if (auto replaced = replace(); !replaced) return replaced.error();
            store = open();
        }
        if (!store && store.error() == Errc::damaged) {
            if (auto begun = begin_anew(); !begun) return begun.error();
            store = open();
        }
        if (!store) return store.error();
        if (mark.committed() > 0 && (*store)->state().ledger.stored == 0)
            note("store-missing", mark.committed());
        if ((*store)->missing() > 0) note("readings-missing", (*store)->missing());
        if ((*store)->lost() > 0) note("readings-lost", (*store)->lost());
        return OpenedStore{std::move(*store), std::move(notices_)};
    }

  private:
    model::Result<std::unique_ptr<SqliteStore>> open() {
        // SQLite would throw away the log of an empty file.
        const bool beheaded = FileReader(path_).size() == 0 && FileReader(path_ + kLog).size() > 0;
        if (beheaded) return Errc::damaged;
        return SqliteStore::open(settings_, clock_.stamp(), vfs_);
    }

    model::Result<void> replace() {
        SequenceMark mark(sequence_mark_path(path_));
        mark.load();
        const std::string fresh = path_ + kUnderWay;
        remove_file(fresh + kLog);
        remove_file(fresh);
        const auto salvaged = salvage(path_, fresh, mark, vfs_);
        remove_file(fresh + kLog);
        if (!salvaged) {
            remove_file(fresh);
            notices_.push_back(Notice{"salvage-failed", salvaged.error().message()});
            return begin_anew();
        }
        if (auto complete = rename_file(fresh, path_ + kComplete); !complete) return complete;
        if (auto replaced = put_in_place(); !replaced) return replaced;
        notices_.push_back(Notice{"store-salvaged", text_of(*salvaged)});
        return {};
    }

    model::Result<void> put_in_place() {
        SequenceMark mark(sequence_mark_path(path_));
        mark.load();
        if (mark.suspect()) {
            if (auto trusted = mark.suspect(false); !trusted) return trusted;
        }
        if (auto moved = move_aside(); !moved) return moved;
        return rename_file(path_ + kComplete, path_);
    }

    model::Result<void> move_aside() {
        const auto aside = move_damaged_aside(path_, clock_.now());
        if (!aside) return aside.error();
        notices_.push_back(Notice{"store-damaged", *aside});
        return {};
    }

    // The sequences of the store that is gone stay given out.
    model::Result<void> begin_anew() {
        if (auto moved = move_aside(); !moved) return moved;
        SequenceMark mark(sequence_mark_path(path_));
        mark.load();
        if (auto kept = mark.close(mark.reserved()); !kept) return kept;
        return prepare_store_file(path_);
    }

    void note(std::string_view code, std::uint64_t number) {
        notices_.push_back(Notice{code, std::to_string(number)});
    }

    const settings::Settings& settings_;
    std::string path_;
    const runtime::WallClock& clock_;
    std::string vfs_;
    std::vector<Notice> notices_;
};

}  // namespace

model::Result<OpenedStore> open_store(
    const settings::Settings& settings, const runtime::WallClock& clock, const std::string& vfs
) {
    return Opening(settings, clock, vfs).run();
}

void suspect_store(const std::string& path) {
    SequenceMark mark(sequence_mark_path(path));
    mark.load();
    [[maybe_unused]] const auto saved = mark.suspect(true);
}

}  // namespace gateway::buffer
