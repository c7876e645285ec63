#include "gateway/store_inspector.hpp"

#include "gateway/anonymise/key_ring.hpp"
#include "gateway/buffer/store_view.hpp"
#include "gateway/key_protection.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/store_verdict.hpp"
#include "gateway/subject/canonical_line.hpp"
#include "gateway/sum_source.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

namespace gateway {
namespace {

using buffer::Errc;
using buffer::StoreView;
using language::tr;

constexpr std::size_t kPartBytes =
    1U << 20;  // of lines, between two looks whether they are of one moment

std::uint64_t size_of(const std::string& path) {
    std::error_code failure;
    const auto size = std::filesystem::file_size(path, failure);
    return failure ? 0 : size;
}

std::optional<model::Instant> date(const std::optional<model::Instant>& stamp) {
    return stamp && !runtime::is_since_boot(*stamp) ? stamp : std::nullopt;
}

// The keys of the segments, as they are.
class SegmentRing {
  public:
    // An error is what to tell the operator.
    model::Result<void, std::string> open(const settings::Settings& settings) {
        const std::string directory = settings.gateway.state_directory + "/keys";
        // Where nothing is wrapped yet the means to wrap must not be made here.
        const auto names = anonymise::segment_keys(directory, nullptr).names({});
        if (names && !names->empty()) {
            auto wrap = make_key_wrap(settings);
            if (!wrap) return wrap.error();
            wrap_ = std::move(*wrap);
        }
        ring_ = anonymise::segment_keys(directory, wrap_.get());
        return {};
    }
    anonymise::KeyRing* get() { return &*ring_; }

  private:
    std::unique_ptr<anonymise::KeyWrap> wrap_;
    std::optional<anonymise::KeyRingDirectory> ring_;
};

cli::UplinkStock stock_of(
    const std::string& uplink, const buffer::UplinkLedger& ledger, const StoreView& view
) {
    cli::UplinkStock stock;
    stock.name = uplink;
    stock.stored = ledger.stored;
    stock.delivered = ledger.delivered;
    stock.dead = ledger.dead;
    stock.evicted = ledger.evicted_total();
    const auto& queues = view.layout().queues();
    for (std::size_t i = 0; i < queues.size(); ++i) {
        if (queues[i].uplink != uplink) continue;
        const auto& queue = view.state().queues[i];
        const std::uint64_t all = queue.waiting();
        stock.waiting += all;
        stock.lanes.push_back({queues[i].dataset, queue.live.waiting, all - queue.live.waiting});
    }
    return stock;
}

model::Result<cli::StoreStats> stats_of(StoreView& view, const settings::Settings& settings) {
    cli::StoreStats stats;
    stats.path = settings.buffer.path;
    stats.bytes = size_of(stats.path);
    stats.log_bytes = size_of(stats.path + "-wal");
    stats.size_max = settings.buffer.size_max;
    stats.page_bytes = buffer::SqliteConnection::kPageBytes;
    const auto pages = view.pages();
    if (!pages) return pages.error();
    const auto free = view.free_pages();
    if (!free) return free.error();
    stats.pages = *pages;
    stats.pages_free = *free;
    stats.last_sequence = view.state().last_sequence;
    for (const auto& dataset : view.layout().datasets()) {
        const auto figures = view.figures(dataset);
        if (!figures) return figures.error();
        stats.datasets.push_back(
            {dataset.name,
             figures->segments,
             figures->readings,
             figures->bytes,
             date(figures->observed_from),
             date(figures->stored_until)}
        );
    }
    for (const auto& [uplink, ledger] : view.state().ledger.uplinks)
        stats.uplinks.push_back(stock_of(uplink, ledger, view));
    return stats;
}

// One after another, parts of the readings of a query, each of one moment.
class PartReader {
  public:
    PartReader(
        const settings::Settings& settings, const cli::ReadingQuery& query, SegmentRing& keys
    )
        : settings_(settings), query_(query), keys_(keys) {}

    struct Part {
        std::string lines;
        cli::ReadingTotals totals;
        std::uint64_t after = 0;  // where the next part begins
        bool is_last = true;
    };

    model::Result<std::vector<std::string>> datasets() {
        return in_view([&]() -> model::Result<std::vector<std::string>> {
            std::vector<std::string> names;
            for (const auto& dataset : view_->layout().datasets()) {
                if (query_.dataset.empty() || query_.dataset == dataset.name)
                    names.push_back(dataset.name);
            }
            return names;
        });
    }

    model::Result<Part> read(const std::string& dataset, std::uint64_t after) {
        return in_view([&] { return part(dataset, after); });
    }

  private:
    // As look_at_store(), but the view is kept as long as it is of one moment.
    template <class Look>
    auto in_view(Look look) -> decltype(look()) {
        for (int i = 0; i < buffer::kLooksMax; ++i) {
            if (!view_) {
                auto opened = StoreView::open(settings_, keys_.get());
                if (!opened) return opened.error();
                view_ = std::move(*opened);
            }
            auto result = look();
            if (view_->is_current()) return result;
            view_.reset();
        }
        return Errc::in_use;
    }

    model::Result<Part> part(const std::string& name, std::uint64_t after) {
        Part part;
        part.after = after;
        const auto* dataset = view_->layout().find(name);
        if (dataset == nullptr) return part;
        const auto* queue = queue_of(*dataset);
        if (queue == nullptr && !query_.uplink.empty()) return part;
        const auto add = [&](const buffer::PersonRow& row) {
            part.after = row.sequence;
            if (is_wanted(row, queue)) {
                subject::append_canonical_line(part.lines, name, row);
                ++part.totals.readings;
            }
            part.is_last = part.lines.size() < kPartBytes;
            return part.is_last;
        };
        const auto skip = [&](const buffer::SegmentRow& row) {
            part.totals.unreadable += row.count_from(after + 1);
        };
        if (auto done = view_->readings(*dataset, after, add, skip); !done) return done.error();
        return part;
    }

    const buffer::QueueState* queue_of(const buffer::StoredDataset& dataset) const {
        for (const std::size_t index : dataset.queues) {
            if (view_->layout().queues()[index].uplink == query_.uplink)
                return &view_->state().queues[index];
        }
        return nullptr;
    }

    // The queue is null where every reading is meant.
    bool is_wanted(const buffer::PersonRow& row, const buffer::QueueState* queue) const {
        if (query_.from && row.observed_at < *query_.from) return false;
        if (query_.until && row.observed_at >= *query_.until) return false;
        if (queue == nullptr) return true;
        const auto is_in = [&](const buffer::QueueRange& range) {
            return row.sequence >= range.next_sequence && row.sequence < range.end_sequence;
        };
        return is_in(queue->live) ||
               std::any_of(queue->backlog.begin(), queue->backlog.end(), is_in);
    }

    const settings::Settings& settings_;
    const cli::ReadingQuery& query_;
    SegmentRing& keys_;
    std::unique_ptr<StoreView> view_;
};

std::string unreadable_keys(const settings::Settings& settings, const std::string& why) {
    return tr(
        "The keys of the stored readings in {0} cannot be read ({1}). Run this as root or as the "
        "gateway's user.",
        {settings.gateway.state_directory + "/keys", why}
    );
}

class Inspector final : public cli::StoreInspector {
  public:
    model::Result<cli::StoreStats, std::string> stats(const settings::Settings& settings) override {
        const auto whole = with_sums(settings);
        auto stats = buffer::look_at_store(whole, nullptr, [&](StoreView& view) {
            return stats_of(view, whole);
        });
        if (!stats) return unreadable_store(settings.buffer.path, stats.error());
        return *std::move(stats);
    }

    doctor::Checks verify(const settings::Settings& settings) override {
        SegmentRing keys;
        if (const auto opened = keys.open(settings); !opened) {
            return {
                {"buffer-segments",
                 doctor::Severity::failure,
                 unreadable_keys(settings, opened.error()),
                 tr("Nothing was looked at."),
                 tr("do that, and ask again")}};
        }
        const auto whole = with_sums(settings);
        return store_verdict(buffer::audit_store(whole, keys.get()), settings.buffer.path);
    }

    model::Result<cli::ReadingTotals, std::string> readings(
        const settings::Settings& settings,
        const cli::ReadingQuery& query,
        const cli::LineSink& sink
    ) override {
        SegmentRing keys;
        if (const auto opened = keys.open(settings); !opened)
            return unreadable_keys(settings, opened.error());
        const auto whole = with_sums(settings);
        PartReader reader(whole, query, keys);
        const auto datasets = reader.datasets();
        if (!datasets) return unreadable_store(settings.buffer.path, datasets.error());
        if (datasets->empty() && !query.dataset.empty())
            return tr("The buffer has no dataset {0}.", {query.dataset});
        cli::ReadingTotals totals;
        for (const std::string& dataset : *datasets) {
            PartReader::Part part;
            do {
                auto read = reader.read(dataset, part.after);
                if (!read) return why_not(settings, read.error());
                part = *std::move(read);
                totals.readings += part.totals.readings;
                totals.unreadable += part.totals.unreadable;
                if (!sink(part.lines)) return totals;
            } while (!part.is_last);
        }
        return totals;
    }

  private:
    // Rights that are missing here are those of the keys: the file has been read.
    static std::string why_not(
        const settings::Settings& settings, const boost::system::error_code& why
    ) {
        const bool is_of_keys =
            why == Errc::keys_missing || why == boost::system::errc::permission_denied;
        return is_of_keys ? unreadable_keys(settings, language::failure_words(why))
                          : unreadable_store(settings.buffer.path, why);
    }
};

}  // namespace

std::unique_ptr<cli::StoreInspector> make_store_inspector() {
    return std::make_unique<Inspector>();
}

}  // namespace gateway
