#include "gateway/buffer/store_view.hpp"

#include "gateway/buffer/schema.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

namespace gateway::buffer {
namespace {

// Whether the file is there and may be read: DamagedFile does not say.
model::Result<void> may_read(const std::string& path) {
    const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (number < 0) return boost::system::error_code(errno, boost::system::system_category());
    ::close(number);
    return {};
}

// A moment after which every change shows.
StoreMoment settled_moment(const std::string& path) {
    StoreMoment moment(path);
    for (int i = 0; i < kLooksMax && !moment.is_settled(); ++i) {
        std::this_thread::sleep_for(StoreMoment::kStampMax);
        moment = StoreMoment(path);
    }
    return moment;
}

// Datasets have the numbers they were given; those that were given none, 0, have no segments.
model::Result<StoreLayout> known_layout(
    SqliteConnection& connection, const settings::Settings& settings
) {
    NameTable names(connection, "dataset");
    const auto known = names.all();
    if (!known) return known.error();
    std::vector<std::string> all;
    for (const NumberedName& name : *known) all.push_back(name.name);
    StoreLayout layout(settings, all);
    for (StoredDataset& dataset : layout.datasets()) {
        const auto same = [&](const NumberedName& name) { return name.name == dataset.name; };
        const auto found = std::find_if(known->begin(), known->end(), same);
        if (found != known->end()) dataset.id = found->id;
    }
    return layout;
}

}  // namespace

StoreView::Tables::Tables(SqliteConnection& connection, SegmentKeys& keys)
    : segments(connection, keys),
      devices(connection, "device"),
      ledger(connection),
      letters(connection),
      erasures(connection),
      boots(connection) {}

StoreView::StoreView(
    StoreMoment moment,
    SqliteConnection connection,
    StoreLayout layout,
    const settings::Settings& settings,
    anonymise::KeyRing* keys
)
    : path_(settings.buffer.path),
      moment_(moment),
      connection_(std::move(connection)),
      keys_(keys),
      tables_(connection_, keys_),
      layout_(std::move(layout)),
      reader_(tables_.segments, tables_.devices, tables_.letters) {}

model::Result<std::unique_ptr<StoreView>> StoreView::open(
    const settings::Settings& settings, anonymise::KeyRing* keys
) {
    const std::string& path = settings.buffer.path;
    if (auto readable = may_read(path); !readable) return readable.error();
    const StoreMoment moment = settled_moment(path);
    auto connection = SqliteConnection::look_at(path);
    if (!connection) return connection.error();
    const auto version = store_schema().version(*connection);
    if (!version) return version.error();
    if (*version == 0) return Errc::damaged;  // there is nothing in it
    if (*version < kSchemaVersion) return Errc::older_schema;
    auto layout = known_layout(*connection, settings);
    if (!layout) return layout.error();
    std::unique_ptr<StoreView> view(
        new StoreView(moment, std::move(*connection), std::move(*layout), settings, keys)
    );
    if (auto loaded = view->load(); !loaded) return loaded.error();
    return view;
}

model::Result<void> StoreView::load() {
    if (auto loaded = tables_.ledger.load(state_); !loaded) return loaded;
    keys_.set_store(state_.store);
    auto boots = tables_.boots.load();
    if (!boots) return boots.error();
    state_.boots = std::make_shared<const BootRanges>(std::move(*boots));
    auto erased = tables_.erasures.all();
    if (!erased) return erased.error();
    erased_ = std::move(*erased);
    state_.queues.resize(layout_.queues().size());
    for (std::size_t i = 0; i < state_.queues.size(); ++i) {
        const auto known = tables_.ledger.load(layout_.queues()[i], state_.queues[i]);
        if (!known) return known.error();
        if (!*known) state_.queues[i].live.next_sequence = 1;
        known_.push_back(*known);
    }
    return count_segments();
}

model::Result<void> StoreView::count_segments() {
    for (const StoredDataset& dataset : layout_.datasets()) {
        auto rows = tables_.segments.from(dataset.id, 0);
        while (true) {
            const auto row = rows.next();
            if (!row) return row.error();
            if (!*row) break;
            for (const std::size_t index : dataset.queues) state_.queues[index].count(**row);
        }
    }
    return {};
}

model::Result<std::uint64_t> StoreView::number(const char* sql) {
    const auto value = connection_.integer(sql);
    if (!value) return value.error();
    return static_cast<std::uint64_t>(*value);
}

model::Result<void> StoreView::readings(
    const StoredDataset& dataset,
    std::uint64_t after,
    const PersonVisitor& visit,
    const std::function<void(const SegmentRow&)>& on_unreadable
) {
    return reader_.others(dataset, *state_.boots, {erased_, after, on_unreadable}, visit);
}

model::Result<std::vector<std::string>> StoreView::structure_faults(std::size_t count_max) {
    const std::string sql = "PRAGMA integrity_check(" + std::to_string(count_max) + ")";
    SqliteStatement check(connection_, sql);
    return texts_of(check);
}

}  // namespace gateway::buffer
