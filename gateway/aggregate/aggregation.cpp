#include "gateway/aggregate/aggregation.hpp"

#include "gateway/aggregate/clamped_sum.hpp"
#include "gateway/aggregate/error.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

namespace gateway::aggregate {
namespace {

// The places of an index in the cipher: no window has them.
constexpr WindowId kIndexUnits{0, 0xfe};
constexpr WindowId kIndexTime{0, 0xff};

std::int64_t seconds_of(model::Instant time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

// Of all that makes a window's values mean something else.
std::vector<std::byte> fingerprint_of(const Rules& rules, const Registry& registry) {
    const auto& of_registry = registry.fingerprint();
    std::vector<std::byte> fingerprint(of_registry.begin(), of_registry.end());
    const auto* noise = std::get_if<Noise>(&rules.protection);
    const std::array<std::int64_t, 4> numbers{
        rules.window.count(),
        rules.resolution,
        noise == nullptr ? 0 : noise->contribution_max,
        rules.sums_increases ? 1 : 0};
    const auto bytes = std::as_bytes(std::span(numbers));
    fingerprint.insert(fingerprint.end(), bytes.begin(), bytes.end());
    return fingerprint;
}

}  // namespace

Aggregation::Aggregation(Surroundings surroundings, Rules rules, Registry registry)
    : at_(surroundings),
      rules_(std::move(rules)),
      registry_(std::move(registry)),
      fingerprint_(fingerprint_of(rules_, registry_)),
      tables_(at_.file.connection(), rules_.dataset),
      cipher_(at_.entropy),
      indexes_(registry_.meters()) {}

model::Result<std::unique_ptr<Aggregation>> Aggregation::open(
    Surroundings surroundings, Rules rules, Registry registry, model::Instant now
) {
    if (auto checked = check(rules, registry); !checked) return checked.error();
    std::unique_ptr<Aggregation> aggregation(
        new Aggregation(surroundings, std::move(rules), std::move(registry))
    );
    if (auto loaded = aggregation->load(now); !loaded) return loaded.error();
    return aggregation;
}

model::Result<void> Aggregation::fail(model::Result<void> result) {
    if (!result) failed_ = true;
    return result;
}

std::string Aggregation::key_name(const WindowId& id) const {
    return std::to_string(row_.id)
        .append(".")
        .append(std::to_string(id.start))
        .append(".")
        .append(std::to_string(id.part));
}

std::int64_t Aggregation::next_start(std::int64_t time) const {
    return start_of_window(time + rules_.window.count() - 1, rules_.window);
}

// --- opening ---

model::Result<void> Aggregation::load(model::Instant now) {
    const std::int64_t begins = start_of_window(seconds_of(now), rules_.window);
    auto loaded = at_.file.transact([&]() -> model::Result<void> {
        const auto row = tables_.load({0, 0, begins, begins});
        if (!row) return row.error();
        row_ = *row;
        return {};
    });
    if (!loaded) return loaded;
    row_.horizon = next_start(row_.horizon);  // windows may have had another length
    row_.corrected = next_start(row_.corrected);
    const auto counts = tables_.load_counts();
    if (!counts) return counts.error();
    counts_ = *counts;
    const auto rows = tables_.windows(fingerprint_);
    if (!rows) return rows.error();
    for (const WindowRow& row : *rows) {
        auto done = row.released ? destroy_key(row.window, row.id) : load_window(row);
        if (!done) return done;
    }
    return rules_.sums_increases ? load_indexes() : remove_indexes();
}

std::string Aggregation::index_key_prefix() const {
    return std::to_string(row_.id).append(".indexes.");
}

// Their keys first: those of other resolutions, too.
model::Result<void> Aggregation::remove_indexes() {
    if (auto destroyed = at_.keys.destroy_all(index_key_prefix()); !destroyed) return destroyed;
    return at_.file.transact([&] { return tables_.remove_indexes(); });
}

// A meter that is no longer on the list: no erasure would find what there is of it.
model::Result<void> Aggregation::remove_strangers(const std::vector<MeterToken>& strangers) {
    if (strangers.empty()) return {};
    return at_.file.transact([&]() -> model::Result<void> {
        for (const MeterToken& stranger : strangers) {
            if (auto removed = tables_.remove_meter(stranger); !removed) return removed;
        }
        return {};
    });
}

// Without their key, or of another resolution, the indexes mean nothing: each meter begins anew.
model::Result<void> Aggregation::load_indexes() {
    const std::string name = index_key_prefix().append(std::to_string(rules_.resolution));
    auto key = at_.keys.find(name);
    if (!key) return key.error();
    if (*key) {
        const auto read = read_indexes(**key);
        if (!read) return read.error();
        if (*read) {
            index_key_ = std::move(*key);
            return {};
        }
    }
    if (auto removed = remove_indexes(); !removed) return removed;
    indexes_ = MeterIndexes(registry_.meters());
    auto made = at_.keys.make(name);
    if (!made) return made.error();
    index_key_ = std::move(*made);
    return {};
}

// False when one does not open.
model::Result<bool> Aggregation::read_indexes(const anonymise::Key& key) {
    bool is_readable = true;
    std::vector<MeterToken> strangers;
    auto read = tables_.indexes([&](auto meter, auto units, auto read_at) {
        MeterToken token{};
        std::memcpy(token.data(), meter.data(), std::min(meter.size(), token.size()));
        const auto value = cipher_.open(key, {kIndexUnits, token}, units);
        const auto time = cipher_.open(key, {kIndexTime, token}, read_at);
        is_readable = value && time;
        const auto number = registry_.find(token);
        if (!number) strangers.push_back(token);
        if (is_readable && number) indexes_.set(*number, {*value, *time});
        return is_readable;
    });
    if (!read) return read.error();
    if (!is_readable) return false;
    if (auto removed = remove_strangers(strangers); !removed) return removed.error();
    return true;
}

model::Result<void> Aggregation::load_window(const WindowRow& row) {
    OpenWindow window{row.id, std::nullopt, WindowTotals(registry_.meters()), std::nullopt};
    if (!row.has_fingerprint) {
        window.closed = Suppression::registry;
    } else if (auto loaded = load_totals(row.window, window); !loaded) {
        return loaded;
    }
    windows_.emplace(row.window, std::move(window));
    return {};
}

model::Result<void> Aggregation::load_totals(const WindowId& id, OpenWindow& window) {
    auto key = at_.keys.find(key_name(id));
    if (!key) return key.error();
    bool has_rows = false;
    bool is_readable = true;
    auto read = tables_.contributions(window.row, [&](auto meter, auto sealed) {
        has_rows = true;
        MeterToken token{};
        std::memcpy(token.data(), meter.data(), std::min(meter.size(), token.size()));
        const auto number = registry_.find(token);
        const auto value = *key && number ? cipher_.open(**key, {id, token}, sealed)
                                          : model::Result<std::int64_t>(Errc::unauthentic);
        if (value) window.totals.set(*number, *value);
        is_readable = value.has_value();
        return is_readable;
    });
    if (!read) return read;
    if (!is_readable) window.closed = Suppression::unreadable;
    window.key = std::move(*key);
    if (window.key || has_rows) return {};
    auto made = at_.keys.make(key_name(id));  // the power went before it was made
    if (!made) return made.error();
    window.key = std::move(*made);
    return {};
}

// --- taking ---

model::Result<void> Aggregation::take(const Portion& portion) {
    if (failed_) return Errc::failed;
    if (portion.next_sequence <= row_.next_sequence) return {};
    Draft draft{{}, counts_};
    for (const Contribution& reading : portion.readings) {
        if (reading.sequence >= row_.next_sequence) sort_in(draft, reading);
    }
    if (auto opened = fail(open_windows_of(draft)); !opened) return opened;
    return fail(spool(draft, portion.next_sequence));
}

model::Result<void> Aggregation::forget(const MeterToken& token) {
    if (failed_) return Errc::failed;
    const auto meter = registry_.find(token);
    if (!meter) return {};
    auto removed = fail(at_.file.transact([&] { return tables_.remove_meter(token); }));
    if (!removed) return removed;
    for (auto& [id, window] : windows_) window.totals.clear(*meter);
    indexes_.clear(*meter);
    return {};
}

void Aggregation::sort_in(Draft& draft, const Contribution& reading) const {
    const auto meter = registry_.find(reading.meter);
    if (!meter) {
        ++draft.counts[Count::unknown_meter];
        return;
    }
    const auto id = window_of(draft, reading);
    if (!id) return;
    const auto units = units_brought(draft, *meter, reading);
    if (!units) return;
    const auto open = windows_.find(*id);
    if (open != windows_.end() && open->second.closed) {
        ++draft.counts[Count::closed_early];
        return;
    }
    Totals& totals = draft.totals[*id];
    const std::int64_t stored = open == windows_.end() ? 0 : open->second.totals.total(*meter);
    std::int64_t& total = totals.try_emplace(*meter, stored).first->second;
    const auto sum = checked_sum(total, *units);
    if (!sum) {
        ++draft.counts[Count::not_representable];
        return;
    }
    total = *sum;
    ++draft.counts[id->part == 0 ? Count::taken : Count::corrected];
}

// What the reading adds to its window; when it adds nothing, that is counted.
std::optional<std::int64_t> Aggregation::units_brought(
    Draft& draft, std::uint32_t meter, const Contribution& reading
) const {
    const auto units = units_of(reading.value, rules_.resolution);
    if (!units) {
        ++draft.counts[Count::not_representable];
        return std::nullopt;
    }
    if (!rules_.sums_increases) return *units;
    const MeterIndex index{*units, seconds_of(reading.observed_at)};
    const auto increase = indexes_.increase(draft.indexes, meter, index);
    if (increase) return *increase;
    ++draft.counts[increase.error()];
    return std::nullopt;
}

// Counts the reading when it is in no window, or comes late.
std::optional<WindowId> Aggregation::window_of(Draft& draft, const Contribution& reading) const {
    const std::int64_t length = rules_.window.count();
    const std::int64_t start = start_of_window(seconds_of(reading.observed_at), rules_.window);
    if (start >= row_.horizon) {
        if (start - row_.horizon <= windows_ahead_max(registry_) * length)
            return WindowId{start, 0};
        ++draft.counts[Count::ahead];
        return std::nullopt;
    }
    ++draft.counts[Count::late];
    const bool is_recent = row_.horizon - start <= kCorrectionWindowsMax * length;
    if (!rules_.correction || start < row_.corrected || !is_recent) return std::nullopt;
    return WindowId{start, 1};
}

// Their rows first, so that no key is ever without one: what has no row is never destroyed.
model::Result<void> Aggregation::open_windows_of(const Draft& draft) {
    std::vector<std::pair<WindowId, std::int64_t>> rows;
    for (const auto& [id, totals] : draft.totals) {
        if (!windows_.contains(id)) rows.emplace_back(id, 0);
    }
    if (rows.empty()) return {};
    auto added = at_.file.transact([&]() -> model::Result<void> {
        for (auto& [id, row] : rows) {
            const auto number = tables_.add_window(id, fingerprint_);
            if (!number) return number.error();
            row = *number;
        }
        return {};
    });
    if (!added) return added;
    for (const auto& [id, row] : rows) {
        auto key = at_.keys.make(key_name(id));
        if (!key) return key.error();
        OpenWindow window{row, std::move(*key), WindowTotals(registry_.meters()), std::nullopt};
        windows_.emplace(id, std::move(window));
    }
    return {};
}

model::Result<void> Aggregation::put_totals(const WindowId& id, const Totals& totals) {
    const OpenWindow& window = windows_.at(id);
    for (const auto& [meter, total] : totals) {
        const MeterToken& token = registry_.token(meter);
        const auto sealed = cipher_.seal(*window.key, {id, token}, total);
        if (!sealed) return sealed.error();
        auto put = tables_.put_contribution(window.row, token, *sealed);
        if (!put) return put;
    }
    return {};
}

model::Result<void> Aggregation::put_indexes(const MeterIndexes::Draft& draft) {
    for (const auto& [meter, index] : draft) {
        const MeterToken& token = registry_.token(meter);
        const auto units = cipher_.seal(*index_key_, {kIndexUnits, token}, index.units);
        if (!units) return units.error();
        const auto read_at = cipher_.seal(*index_key_, {kIndexTime, token}, index.read_at);
        if (!read_at) return read_at.error();
        if (auto put = tables_.put_index(token, *units, *read_at); !put) return put;
    }
    return {};
}

model::Result<void> Aggregation::spool(const Draft& draft, std::uint64_t next_sequence) {
    DatasetRow row = row_;
    row.next_sequence = next_sequence;
    auto written = at_.file.transact([&]() -> model::Result<void> {
        for (const auto& [id, totals] : draft.totals) {
            if (auto put = put_totals(id, totals); !put) return put;
        }
        if (auto put = put_indexes(draft.indexes); !put) return put;
        if (auto saved = tables_.save_counts(counts_, draft.counts); !saved) return saved;
        return tables_.save(row);
    });
    if (!written) return written;
    row_ = row;
    counts_ = draft.counts;
    for (const auto& [meter, index] : draft.indexes) indexes_.set(meter, index);
    for (const auto& [id, totals] : draft.totals) {
        WindowTotals& of_window = windows_.at(id).totals;
        for (const auto& [meter, total] : totals) of_window.set(meter, total);
    }
    return {};
}

}  // namespace gateway::aggregate
