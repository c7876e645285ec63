#pragma once
#include "gateway/anonymise/name_prints.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/subject/entry.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace gateway::subject {

// Says of each reading whether its person lets it be stored: a dataset with consent_each takes only
// those of devices with a consent in force, and none takes those of a person who restricted it.
// Costs nothing in a dataset that has neither; otherwise a reading costs a look into a table, and a
// device that is not in it a hash. On the reactor.
class Gate {
  public:
    static constexpr std::size_t kVerdictsMax = 20'000;  // devices remembered in each dataset

    Gate(const settings::Settings& settings, const anonymise::Key& key);

    // What the ledger says next; in force from the next reading on.
    void apply(const Entry& entry);

    // Why the reading, of the dataset at this position, may not be stored; nothing if it may.
    std::optional<model::Fault> refusal(std::size_t dataset, const model::Reading& reading) {
        Dataset& asked = datasets_[dataset];
        if (!asked.asks) return std::nullopt;
        return ask(asked, reading);
    }

    // In force now, in the datasets that are configured.
    std::uint64_t consents() const;
    std::uint64_t restrictions() const;

  private:
    using Print = anonymise::NamePrints::Print;
    using Hash = anonymise::NamePrints::Hash;
    using People = std::unordered_set<Who, Hash>;
    enum class Verdict : std::uint8_t { pass, restricted, no_consent };
    struct Dataset {
        settings::Dataset settings;
        bool asks = false;  // whether anything is to be asked at all
        People consents;    // of devices
        std::map<std::string, People, std::less<>> restrictions;  // by field
        // Of the devices that report most, whose names are not in it. When it is full it starts
        // again.
        std::unordered_map<Print, Verdict, Hash> verdicts;
    };

    std::optional<model::Fault> ask(Dataset& dataset, const model::Reading& reading);
    Verdict verdict_on(const Dataset& dataset, std::string_view device) const;
    bool is_restricted(const Dataset& dataset, const model::Attribute& attribute) const;

    Hasher hasher_;
    anonymise::NamePrints prints_;
    std::vector<Dataset> datasets_;  // as in the settings
};

}  // namespace gateway::subject
