#pragma once
#include "gateway/anonymise/key_ring.hpp"
#include "gateway/buffer/sealed_body.hpp"
#include "gateway/model/result.hpp"
#include "gateway/model/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace gateway::buffer {

// Which keys segments are sealed with: one for each dataset and day, in a ring that is not in the
// database. Whoever has a copy of the database reads no value in it; and when all that was stored
// on a day is gone, its key is destroyed, so that neither does whoever finds old blocks of the
// card. The number of a key is the first sequence that it was made for, or higher: numbers only
// grow. In the ring it is called "<store>.<number of the dataset>.<number of the key>": a store
// leaves keys of another one alone, which a technician may put back, until all that they can open
// is past its retention. One thread at a time; blocks.
class SegmentKeys {
  public:
    static constexpr std::size_t kHeldMax = 64;  // in memory, those that were used last

    // `ring` outlives it. Null: segments are stored as they are.
    explicit SegmentKeys(anonymise::KeyRing* ring) : ring_(ring) {}

    bool seals() const { return ring_ != nullptr; }
    void set_store(std::uint64_t store) { store_ = store; }

    // The dataset's key for what is stored on the day of `now`, if there is one.
    std::optional<SegmentKey> of_day(std::uint64_t dataset, model::Instant now) const;
    // From now on that is `key`, one of this store.
    void use(std::uint64_t dataset, const SegmentKey& key, model::Instant now);
    // The same with a new one. Errc::full when the disk has no room for it.
    model::Result<SegmentKey> renew(
        std::uint64_t dataset, std::uint64_t first_sequence, model::Instant now
    );
    // Whether a dataset's key is one that this store may go on with.
    bool is_own(const SegmentKey& key) const { return !key.is_none() && key.store == store_; }

    // Null when there is none, or it is lost: its file cannot be read, though others can. Valid
    // until the next call.
    model::Result<const anonymise::Key*> find(std::uint64_t dataset, const SegmentKey& key);
    // Whether nothing can be opened since the ring is not there at all: the disk that has it is not
    // mounted, or it was left behind when the buffer was moved.
    model::Result<bool> ring_is_missing() const;

    // The key of the oldest segment, of each dataset that has segments.
    using Oldest = std::map<std::uint64_t, SegmentKey>;

    // Destroys this store's keys that no segment needs: those below the ones given, and all of
    // other datasets; but not those of the day of `now`, which are used again. Those that cannot be
    // destroyed now are tried again by the next call. Answers how many there are.
    model::Result<std::size_t> destroy_spent(const Oldest& oldest, model::Instant now);

    // Destroys keys of other stores that were made before an instant.
    model::Result<void> destroy_foreign(model::Instant before);

  private:
    struct Name {
        std::uint64_t dataset = 0;
        SegmentKey key;

        bool operator==(const Name&) const = default;
    };
    struct Held {
        Name name;
        anonymise::Key key;
    };
    struct Today {
        std::uint64_t number = 0;
        std::int64_t day = 0;  // since 1970, UTC; since the boot while nobody knows the date
    };

    static std::string text_of(const Name& name);
    static std::optional<Name> name_of(const std::string& text);
    const anonymise::Key* hold(const Name& name, anonymise::Key key);
    model::Result<std::uint64_t> highest_number(std::uint64_t dataset) const;
    bool is_lost(const std::string& text, const boost::system::error_code& why) const;
    bool is_spent(const Name& name, const Oldest& oldest) const;

    anonymise::KeyRing* ring_;
    std::uint64_t store_ = 0;
    std::map<std::uint64_t, Today> today_;  // by dataset
    std::deque<Held> held_;                 // the one used last in front
};

}  // namespace gateway::buffer
