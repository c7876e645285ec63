#pragma once
#include "gateway/aggregate/member_list.hpp"
#include "gateway/aggregate/meter_token.hpp"
#include "gateway/anonymise/pseudonym.hpp"
#include "gateway/settings/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::aggregate {

// Which meter a stored reading is of: the devices' names of a dataset, as its rule lets them be
// stored, to the tokens of the meters in a list of members. A meter keeps its token while its
// pseudonym changes with every epoch, so that no window takes one meter for two. Holds the meters'
// names, which are personal, and stays in memory.
class MeterDirectory {
  public:
    // `rule` is the dataset's rule for its device: Keep or Pseudonym. `tokens` has a key that
    // nothing else has, and that never changes.
    MeterDirectory(
        const settings::Rule& rule,
        std::span<const Member> members,
        const anonymise::Pseudonymiser& tokens
    );

    // The token of a member that was given to the constructor; `number` is its position there.
    const MeterToken& token_of_member(std::size_t number) const {
        return tokens_[meter_of_member_[number]];
    }

    // 0 where the names do not change: Keep, or a pseudonym for ever.
    std::chrono::seconds epoch_length() const;
    bool is_pseudonymous() const { return pseudonym_.has_value(); }

    // From now on the names of this epoch are known too, and those of epochs_max() epochs that were
    // added last: what waits may be of earlier ones. About a microsecond for each meter. Not where
    // names are kept.
    void add_epoch(const anonymise::Pseudonymiser& epoch);

    // At most kEpochsMax, and fewer where there are so many meters that their names would take more
    // than 20 MB.
    static constexpr std::size_t kEpochsMax = 32;
    std::size_t epochs_max() const;

    // The meter's token; that of no meter where nobody has the name.
    MeterToken find(std::string_view stored) const;

  private:
    struct Name {
        MeterToken stored{};  // token_of() the stored text
        std::uint32_t meter = 0;

        bool operator<(const Name& other) const { return stored < other.stored; }
    };
    using Names = std::vector<Name>;  // sorted

    static const Name* find_in(const Names& names, const MeterToken& stored);

    std::optional<settings::Pseudonym> pseudonym_;
    std::vector<std::string> meters_;  // as they are hashed, sorted
    std::vector<MeterToken> tokens_;   // of meters_
    std::vector<std::uint32_t> meter_of_member_;
    std::deque<Names> names_;  // the newest epoch first
};

}  // namespace gateway::aggregate
