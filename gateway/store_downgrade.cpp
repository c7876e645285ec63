#include "gateway/store_downgrade.hpp"

#include "gateway/buffer/error.hpp"
#include "gateway/buffer/file_reader.hpp"
#include "gateway/buffer/store_file.hpp"
#include "gateway/buffer/suspicion.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace gateway {
namespace {

using buffer::Errc;
using buffer::SqliteConnection;
using buffer::SqliteSchema;
using language::tr;

std::string cannot_open(const std::string& path, const boost::system::error_code& why) {
    if (why == Errc::in_use)
        return tr(
            "The gateway has {0} open: stop it first (systemctl stop passerelle). Nothing was "
            "changed.",
            {path}
        );
    return tr(
        "{0} cannot be brought down: {1}. Nothing was changed.",
        {path, language::failure_words(why)}
    );
}

// A database that is to be of an earlier version.
class Database {
  public:
    Database(std::string path, const SqliteSchema& schema, std::int64_t target)
        : path_(std::move(path)), schema_(schema), target_(target) {}

    // Nobody else has it open from then on. That there is none is no error.
    model::Result<void, std::string> open() {
        if (!buffer::exists(path_)) return {};
        auto connection = SqliteConnection::open(path_, {});
        if (!connection) return cannot_open(path_, connection.error());
        const auto version = schema_.version(*connection);
        if (!version) return cannot_open(path_, version.error());
        const std::int64_t floor = schema_.floor_above(target_, *version);
        if (floor > 0) return cannot_leave(floor);
        version_ = *version;
        connection_.emplace(std::move(*connection));
        return {};
    }

    // Open, if it is there.
    model::Result<void, std::string> descend() {
        if (!is_above()) return {};
        if (auto done = schema_.descend(*connection_, target_); !done) return failed(done.error());
        // An earlier release begins with a file that is whole without its log.
        if (auto copied = connection_->checkpoint(true); !copied) return failed(copied.error());
        return {};
    }

    bool is_above() const { return connection_ && version_ > target_; }

    std::string what_was_done() const {
        return tr(
            "{0}: from form {1} to form {2}.",
            {path_, std::to_string(version_), std::to_string(target_)}
        );
    }

  private:
    std::string cannot_leave(std::int64_t floor) const {
        const auto& step = schema_.steps()[static_cast<std::size_t>(floor - 1)];
        return tr(
            "{0} cannot be brought down to form {1}: form {2} cannot be undone, since {3}. Nothing "
            "was changed; keep this version of passerelle.",
            {path_, std::to_string(target_), std::to_string(floor), tr(step.down.why())}
        );
    }

    std::string failed(const boost::system::error_code& why) const {
        return tr(
            "{0} could not be brought down: {1}. It is as it was, or done: run this again when the "
            "disk is in order.",
            {path_, language::failure_words(why)}
        );
    }

    std::string path_;
    const SqliteSchema& schema_;
    std::int64_t target_;
    std::int64_t version_ = 0;
    std::optional<SqliteConnection> connection_;
};

// A salvage is for the release that wrote the store.
bool is_damaged(const std::string& path) {
    const bool is_half_salvaged = buffer::exists(path + ".salvaged");
    const bool is_beheaded =
        buffer::FileReader(path).size() == 0 && buffer::FileReader(path + "-wal").size() > 0;
    return is_half_salvaged || is_beheaded || buffer::is_suspect(path);
}

// "1:0.1.0-2~bpo12+1" is a package of 0.1.0.
std::string_view upstream_version(std::string_view version) {
    version.remove_prefix(version.find(':') + 1);
    return version.substr(0, version.find_first_of("-~+"));
}

}  // namespace

model::Result<cli::Downgraded, std::string> downgrade_store(
    const settings::Settings& settings, const Release& release, const StoreSchemas& schemas
) {
    const std::string& path = settings.buffer.path;
    if (buffer::exists(path) && is_damaged(path))
        return tr(
            "{0} is damaged: start this version of passerelle once, which saves what can be read, "
            "stop it, and run this again. Nothing was changed.",
            {path}
        );
    Database store(path, schemas.store, release.store);
    const std::string& state = settings.gateway.state_directory;
    Database sums(state + "/sums.db", schemas.sums, release.sums);
    Database updates(state + "/firmware.db", schemas.updates, release.updates);
    for (Database* database : {&store, &sums, &updates}) {
        if (auto opened = database->open(); !opened) return opened.error();
    }
    cli::Downgraded done;
    for (Database* database : {&store, &sums, &updates}) {
        if (!database->is_above()) continue;
        if (auto descended = database->descend(); !descended) return done.text + descended.error();
        done.text += database->what_was_done() + '\n';
    }
    if (done.text.empty()) done.text = tr("There is nothing to undo.") + std::string(1, '\n');
    return done;
}

model::Result<cli::Downgraded, std::string> downgrade_store(
    const settings::Settings& settings, const std::string& release
) {
    const auto* known = std::find_if(kReleases.begin(), kReleases.end(), [&](const Release& each) {
        return each.version == upstream_version(release);
    });
    if (known != kReleases.end())
        return downgrade_store(
            settings,
            *known,
            {buffer::store_schema(), aggregate::spool_schema(), firmware::firmware_schema()}
        );
    std::string all;
    for (const Release& each : kReleases) {
        if (!all.empty()) all += ", ";
        all += each.version;
    }
    return tr(
        "This version of passerelle does not know what {0} reads. It knows: {1}. Nothing was "
        "changed.",
        {release, all}
    );
}

}  // namespace gateway
