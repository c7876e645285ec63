#include "gateway/buffer/store_opening.hpp"

#include "gateway/buffer/disk_reserve.hpp"
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
constexpr const char* kJournal = "-journal";  // of a file that is not a database yet

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
        const settings::Settings& settings,
        const runtime::WallClock& clock,
        const std::string& vfs,
        const NoticeSink& on_notice,
        anonymise::KeyRing* keys
    )
        : settings_(settings),
          path_(settings.buffer.path),
          clock_(clock),
          vfs_(vfs),
          on_notice_(on_notice),
          keys_(keys) {}

    model::Result<OpenedStore> run() {
        if (exists(path_ + kComplete)) {
            if (auto replaced = put_in_place(); !replaced) return replaced.error();
        }
        if (auto prepared = prepare_store_file(path_); !prepared) return prepared.error();
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
        tell_losses(**store);
        return OpenedStore{std::move(*store), std::move(notices_)};
    }

  private:
    model::Result<std::unique_ptr<SqliteStore>> open() {
        // SQLite would throw away the log of an empty file.
        const bool beheaded = FileReader(path_).size() == 0 && FileReader(path_ + kLog).size() > 0;
        if (beheaded) return Errc::damaged;
        return SqliteStore::open(settings_, clock_.stamp(), vfs_, keys_);
    }

    // What keeps a salvage from its end may be gone at the next start; the store waits for that.
    model::Result<void> replace() {
        const auto salvaged = salvage_in_some_room();
        if (!salvaged && salvaged.error() != Errc::damaged) {
            note("salvage-waits", salvaged.error().message());
            return salvaged.error();
        }
        if (!salvaged) {
            note("salvage-failed", salvaged.error().message());
            return begin_anew();
        }
        if (auto complete = rename_file(path_ + kUnderWay, path_ + kComplete); !complete)
            return complete;
        if (auto replaced = put_in_place(); !replaced) return replaced;
        note("store-salvaged", text_of(*salvaged));
        return {};
    }

    // What is kept for such a need, and what only an expert would read, matter less than readings.
    model::Result<Salvaged> salvage_in_some_room() {
        auto salvaged = try_salvage();
        if (salvaged || salvaged.error() != Errc::full) return salvaged;
        remove_file(disk_reserve_path(path_));
        remove_damaged(path_);
        return try_salvage();
    }

    model::Result<Salvaged> try_salvage() {
        const std::string fresh = path_ + kUnderWay;
        remove_with_logs(fresh);
        auto salvaged = salvage(path_, fresh, vfs_, keys_);
        if (salvaged) {
            remove_file(fresh + kLog);
        } else {
            remove_with_logs(fresh);
        }
        return salvaged;
    }

    static void remove_with_logs(const std::string& path) {
        remove_file(path + kLog);
        remove_file(path + kJournal);
        remove_file(path);
    }

    model::Result<void> put_in_place() {
        if (auto trusted = trust(); !trusted) return trusted;
        if (auto moved = move_aside(); !moved) return moved;
        return rename_file(path_ + kComplete, path_);
    }

    model::Result<void> move_aside() {
        const auto aside = move_damaged_aside(path_, clock_.now());
        if (!aside) return aside.error();
        note("store-damaged", *aside);
        return {};
    }

    // The new store goes on behind the sequences that the mark has.
    model::Result<void> begin_anew() {
        if (auto moved = move_aside(); !moved) return moved;
        if (auto trusted = trust(); !trusted) return trusted;
        return prepare_store_file(path_);
    }

    // The store that comes is not the one that was suspected.
    model::Result<void> trust() {
        SequenceMark mark(sequence_mark_path(path_));
        mark.load();
        if (!mark.suspect()) return {};
        return mark.suspect(false);
    }

    void tell_losses(const SqliteStore& store) {
        if (store.forgotten() > 0) note("store-missing", std::to_string(store.forgotten()));
        if (store.renumbered() > 0) note("store-restored", std::to_string(store.renumbered()));
        if (store.missing() > 0) note("readings-missing", std::to_string(store.missing()));
        if (store.erased()) tell_erased(*store.erased());
        if (store.lost() > 0) note("readings-lost", std::to_string(store.lost()));
    }

    void tell_erased(const Erased& erased) {
        const bool is_done = erased.state == Erased::State::done;
        note(is_done ? "erasure-finished" : "erasure-waits", std::to_string(erased.readings));
    }

    void note(std::string_view code, std::string detail) {
        notices_.push_back(Notice{code, std::move(detail)});
        if (on_notice_) on_notice_(notices_.back());
    }

    const settings::Settings& settings_;
    std::string path_;
    const runtime::WallClock& clock_;
    std::string vfs_;
    const NoticeSink& on_notice_;
    anonymise::KeyRing* keys_;
    std::vector<Notice> notices_;
};

}  // namespace

model::Result<OpenedStore> open_store(
    const settings::Settings& settings,
    const runtime::WallClock& clock,
    const std::string& vfs,
    const NoticeSink& on_notice,
    anonymise::KeyRing* keys
) {
    return Opening(settings, clock, vfs, on_notice, keys).run();
}

}  // namespace gateway::buffer
