#include "gateway/aggregate/spool_file.hpp"

#include "gateway/aggregate/error.hpp"
#include "gateway/aggregate/spool_schema.hpp"
#include "gateway/buffer/store_file.hpp"

#include <string_view>
#include <utility>

namespace gateway::aggregate {
namespace {

// Frames after which the log is copied back. Nothing else empties it.
constexpr std::uint64_t kLogFramesMax = 1000;

}  // namespace

SpoolFile::SpoolFile(buffer::SqliteConnection connection, const std::string& generation)
    : connection_(std::move(connection)),
      generation_(generation),
      save_generation_(connection_, "UPDATE state SET value = ? WHERE name = 'generation'"),
      next_release_(
          connection_,
          "SELECT number, name, body FROM release JOIN dataset ON dataset.id = release.dataset "
          "WHERE number > ? ORDER BY number LIMIT 1"
      ),
      forget_releases_(connection_, "DELETE FROM release WHERE number <= ?") {}

model::Result<std::unique_ptr<SpoolFile>> SpoolFile::open(const Place& place) {
    if (auto prepared = buffer::prepare_store_file(place.database); !prepared)
        return prepared.error();
    auto connection = buffer::SqliteConnection::open(place.database, place.vfs);
    if (!connection) return connection.error();
    if (auto migrated = spool_schema().migrate(*connection); !migrated) return migrated.error();
    if (auto set = connection->execute("PRAGMA secure_delete=ON"); !set) return set.error();
    std::unique_ptr<SpoolFile> file(new SpoolFile(std::move(*connection), place.generation));
    if (auto loaded = file->load(); !loaded) return loaded.error();
    return file;
}

model::Result<void> SpoolFile::load() {
    const auto releases = connection_.integer("SELECT value FROM state WHERE name = 'generation'");
    if (!releases) return releases.error();
    releases_ = static_cast<std::uint64_t>(*releases);
    may_release_ = generation_.compare(releases_);
    return {};
}

model::Result<void> SpoolFile::transact(const std::function<model::Result<void>()>& write) {
    {
        buffer::SqliteTransaction transaction(connection_);
        if (auto begun = transaction.begin(); !begun) return begun;
        if (auto written = write(); !written) return written;
        if (auto committed = transaction.commit(); !committed) return committed;
    }
    if (connection_.log_frames() < kLogFramesMax) return {};
    const auto copied = connection_.checkpoint(false);
    if (!copied) return copied.error();
    return {};
}

model::Result<void> SpoolFile::release(const std::function<model::Result<void>()>& write) {
    if (!may_release_) return may_release_;
    const std::uint64_t number = releases_ + 1;
    may_release_ = generation_.begin(number);
    if (!may_release_) return may_release_;
    may_release_ = transact([&]() -> model::Result<void> {
        if (auto saved = save_generation_.execute(number); !saved) return saved;
        return write();
    });
    if (!may_release_) return may_release_;
    may_release_ = generation_.finish(number);
    if (may_release_) releases_ = number;
    return may_release_;
}

model::Result<std::optional<FrozenRelease>> SpoolFile::next_release(std::uint64_t after) {
    // Something else than the generation failed: the last release may be there and not be done.
    if (!may_release_ && may_release_.error().category() != error_category())
        return may_release_.error();
    auto query = next_release_.query(after);
    const auto found = query.next();
    if (!found) return found.error();
    std::optional<FrozenRelease> release;
    if (!*found) return release;
    const auto body = query.blob(2);
    release.emplace();
    release->number = static_cast<std::uint64_t>(query.integer(0));
    release->dataset = query.text(1);
    release->body.assign(reinterpret_cast<const char*>(body.data()), body.size());
    return release;
}

model::Result<void> SpoolFile::forget_releases(std::uint64_t last) {
    return transact([&] { return forget_releases_.execute(last); });
}

}  // namespace gateway::aggregate
