#pragma once
#include "gateway/anonymise/key_store.hpp"
#include "gateway/anonymise/name_prints.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gateway::anonymise {

// Keyed pseudonyms of one dataset and epoch (ISO/IEC 20889: pseudonymisation by a keyed one-way
// function):
//   base32(first 128 bits of HMAC-SHA-256(key, length-prefixed field name, length-prefixed value))
// 26 lower-case characters (RFC 4648 section 6 without padding). The same value in another field,
// dataset or epoch has an unrelated pseudonym. Answers against reversal by whoever lacks the key;
// does not hide that readings belong together.
class Pseudonymiser {
  public:
    explicit Pseudonymiser(const Key& key);  // throws std::bad_alloc
    ~Pseudonymiser();
    Pseudonymiser(Pseudonymiser&&) noexcept;
    Pseudonymiser& operator=(Pseudonymiser&&) noexcept;
    Pseudonymiser(const Pseudonymiser&) = delete;
    Pseudonymiser& operator=(const Pseudonymiser&) = delete;

    std::string pseudonym(std::string_view field, std::string_view value) const;

    // The 128 bits that the pseudonym spells.
    using Fingerprint = std::array<std::byte, 16>;
    Fingerprint fingerprint(std::string_view field, std::string_view value) const;

  private:
    struct Mac;
    struct Release {
        void operator()(Mac* mac) const noexcept;
    };
    std::unique_ptr<Mac, Release> mac_;
};

// The 26 characters of a pseudonym.
std::string spell(const Pseudonymiser::Fingerprint& fingerprint);

// Whether a text has the shape of a pseudonym. What has it may be something else.
bool looks_like_pseudonym(std::string_view text);

// Remembers the pseudonyms of the identities that come most, so that a reading seldom costs an
// HMAC. Bounded: when it is full it starts again. The identities are not in it.
class PseudonymCache {
  public:
    static constexpr std::size_t kEntriesMax = 20'000;

    // Nothing when it is not known. A view is valid until the cache is next emptied.
    std::optional<std::string_view> find(const NamePrints::Print& identity) const;
    // `identity` must not be known.
    std::string_view add(const NamePrints::Print& identity, std::string_view pseudonym);

    // Called between frames, so that nothing a frame refers to disappears.
    void make_room();
    void clear() { entries_.clear(); }

  private:
    std::pmr::unsynchronized_pool_resource memory_;  // emptied and filled again and again
    std::pmr::unordered_map<NamePrints::Print, std::pmr::string, NamePrints::Hash> entries_{
        &memory_};
};

}  // namespace gateway::anonymise
