// How a SqliteStore shows what it has of a person, and forgets it.
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/store_file.hpp"

#include <utility>

namespace gateway::buffer {
namespace {

Erasure erasure_of(const Trait& trait, std::uint64_t last_sequence) {
    if (trait.attribute.empty()) return Erasure{trait.text, {}, {}, last_sequence};
    return Erasure{{}, trait.attribute, trait.text, last_sequence};
}

}  // namespace

model::Result<void> SqliteStore::find_readings(
    const PersonQuery& query, const PersonVisitor& visit
) {
    const StoredDataset* dataset = layout_.find(query.dataset);
    if (dataset == nullptr) return {};
    return person_reader_.readings(*dataset, *state_.boots, query, visit);
}

model::Result<void> SqliteStore::find_letters(
    const PersonQuery& query, const PersonVisitor& visit
) {
    return person_reader_.letters(query, visit);
}

model::Result<std::optional<std::string>> SqliteStore::find_token(
    const std::string& dataset, const IdentityPrint& identity
) {
    return tables_.tokens.find(dataset, identity);
}

// First the order, and what the recipients are to be told; from then on nothing can undo it. Then
// all that is to go, in as many transactions as it takes. The order goes last, when nothing of the
// person is left in the file, its log and the copies of damaged ones.
model::Result<Erased> SqliteStore::erase(const ErasureOrder& order) {
    Erased erased;
    for (const auto& dataset : order.datasets) {
        const StoredDataset* stored = layout_.find(dataset.name);
        if (stored == nullptr) continue;
        for (const std::size_t index : stored->queues) {
            erased.told[layout_.queues()[index].uplink] += dataset.traits.size();
            if (state_.queues[index].erasures.has_room_for(dataset.traits.size())) continue;
            erased.state = Erased::State::too_many_wait;
            return erased;
        }
    }
    auto begun = transact([&](StoreState& draft) -> model::Result<void> {
        note_erasures(order, draft);
        return tables_.erasure_orders.insert(order);
    });
    if (!begun && begun.error() == Errc::full) {
        erased.state = Erased::State::no_room;
        return erased;
    }
    if (!begun) return begun.error();
    if (auto done = go_on_erasing(order.now, erased); !done) return done.error();
    return erased;
}

void SqliteStore::note_erasures(const ErasureOrder& order, StoreState& draft) const {
    for (const auto& dataset : order.datasets) {
        const StoredDataset* stored = layout_.find(dataset.name);
        if (stored == nullptr) continue;
        for (const Trait& trait : dataset.traits) {
            const Erasure erasure = erasure_of(trait, draft.last_sequence);
            for (const std::size_t index : stored->queues)
                draft.queues[index].erasures.note(erasure, order.now);
        }
    }
}

model::Result<void> SqliteStore::go_on_erasing(model::Instant now, Erased& erased) {
    erasure_waits_ = false;
    while (!erasure_waits_) {
        auto order = tables_.erasure_orders.next();
        if (!order) return order.error();
        if (order->datasets.empty()) return {};
        order->now = now;
        auto done = carry_out(*order, erased);
        if (!done && done.error() != Errc::full) return done;
        if (!done) erasure_waits_ = true;
    }
    erased.state = Erased::State::waits;
    return {};
}

model::Result<void> SqliteStore::carry_out(const ErasureOrder& order, Erased& erased) {
    auto done = erase_segments(order, erased);
    if (done) done = erase_texts(order, erased);
    if (done) done = checkpoint(true);
    if (!done) return done;
    // That a copy cannot be removed is no failure of the store: it goes on, and the order waits.
    if (!forget_damaged(path_)) {
        erasure_waits_ = true;
        return {};
    }
    done = transact([&](StoreState&) { return tables_.erasure_orders.remove(order); });
    if (done) done = checkpoint(true);
    return done;
}

// What a transaction counts holds only when it is committed.
model::Result<void> SqliteStore::erase_segments(const ErasureOrder& order, Erased& erased) {
    Eraser::Walk walk;
    for (bool more = true; more;) {
        Eraser::Walk next;
        Erased counted;
        auto done = transact([&](StoreState& draft) -> model::Result<void> {
            next = walk;
            counted = erased;
            const auto left = eraser_.erase_some(order, next, counted, draft);
            if (!left) return left.error();
            more = *left;
            for (QueueState& queue : draft.queues) queue.drop_done();
            return refresh(draft);
        });
        if (!done) return done;
        walk = next;
        erased = counted;
    }
    return {};
}

model::Result<void> SqliteStore::erase_texts(const ErasureOrder& order, Erased& erased) {
    std::uint64_t letters = 0;
    std::vector<VaultToken> forgotten;
    auto done = transact([&](StoreState& draft) -> model::Result<void> {
        letters = 0;
        forgotten.clear();
        for (const auto& dataset : order.datasets) {
            const auto removed = erase_texts_of(dataset, order.device_base);
            if (!removed) return removed.error();
            letters += *removed;
            if (auto erased_steps = erase_steps_of(dataset); !erased_steps) return erased_steps;
            if (auto erased_tokens = erase_tokens_of(dataset, forgotten); !erased_tokens)
                return erased_tokens;
        }
        draft.tokens_forgotten += forgotten.size();
        if (auto wiped = rewrite_table(connection_, "device"); !wiped) return wiped;
        for (const char* table : {"step", "token"}) {
            if (auto wiped = rewrite_table(connection_, table); !wiped) return wiped;
        }
        return rewrite_table(connection_, "dead_letter");
    });
    if (!done) return done;
    erased.dead_letters += letters;
    forgotten_tokens_.insert(forgotten_tokens_.end(), forgotten.begin(), forgotten.end());
    return done;
}

// The text of an attribute is JSON, and a token is nothing that JSON would write another way.
model::Result<void> SqliteStore::erase_tokens_of(
    const ErasureOrder::Dataset& dataset, std::vector<VaultToken>& forgotten
) {
    for (const Trait& trait : dataset.traits) {
        std::string_view token = trait.text;
        if (!trait.attribute.empty() && token.size() > 2) token = token.substr(1, token.size() - 2);
        const auto row = tables_.tokens.owner_of(dataset.name, token);
        if (!row) return row.error();
        if (!*row) continue;
        if (auto removed = tables_.tokens.remove(**row); !removed) return removed;
        forgotten.push_back(**row);
    }
    return {};
}

model::Result<void> SqliteStore::erase_steps_of(const ErasureOrder::Dataset& dataset) {
    for (const Trait& trait : dataset.traits) {
        if (!trait.attribute.empty()) continue;
        auto done = tables_.steps.remove_device(dataset.name, trait.text);
        if (!done) return done;
    }
    return {};
}

// Another dataset in which the device has the same text still needs it.
model::Result<std::uint64_t> SqliteStore::erase_texts_of(
    const ErasureOrder::Dataset& dataset, std::uint64_t device_base
) {
    PersonQuery query{dataset.name, dataset.traits, device_base, 0};
    std::vector<std::uint64_t> letters;
    auto found = person_reader_.letters(query, [&](const PersonRow& letter) {
        letters.push_back(letter.position);
        return true;
    });
    if (!found) return found.error();
    for (const std::uint64_t letter : letters) {
        if (auto removed = tables_.dead_letters.remove(letter); !removed) return removed.error();
    }
    PersonFilter person(dataset.traits, device_base);
    if (auto looked = person.find_devices(tables_.devices); !looked) return looked.error();
    const auto needed = person_reader_.devices_in_use(layout_, person.devices());
    if (!needed) return needed.error();
    for (const std::uint64_t device : person.devices()) {
        if (needed->contains(device)) continue;
        if (auto removed = tables_.devices.remove(device); !removed) return removed.error();
    }
    return letters.size();
}

}  // namespace gateway::buffer
