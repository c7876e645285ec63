#include "gateway/forward/contract.hpp"

#include "gateway/model/json_text.hpp"
#include "gateway/settings/recipient_terms.hpp"

#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gateway::forward {
namespace {

using anonymise::RecipientRules;

// The texts of a dictionary that is being made, each once, in the order of their first use.
class Dictionary {
  public:
    explicit Dictionary(std::vector<std::string>& texts) : texts_(texts) {}

    std::uint32_t number_of(std::string text) {
        const auto next = static_cast<std::uint32_t>(texts_.size());
        const auto [known, is_new] = numbers_.emplace(std::move(text), next);
        if (is_new) texts_.push_back(known->first);
        return known->second;
    }

  private:
    std::vector<std::string>& texts_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
};

// Goes through a batch once. An entry of a stored dictionary is brought under the rules when it is
// first used, once an epoch.
class Shaping {
  public:
    Shaping(RecipientRules& rules, const buffer::Batch& stored)
        : rules_(rules), stored_(stored), quantities_(stored.quantities.size()) {
        auto& batch = shaped_.batch;
        batch.dataset = stored.dataset;
        batch.first_sequence = stored.first_sequence;
        batch.last_sequence = stored.last_sequence;
        for (buffer::Gap gap : stored.gaps) {
            gap.observed_from = rules.time(gap.observed_from);
            gap.observed_to = rules.time(gap.observed_to);
            batch.gaps.push_back(gap);
        }
        batch.readings.reserve(stored.readings.size());
        attributes_.number_of("{}");
    }

    std::optional<Shaped> shape() {
        for (const auto& erasure : stored_.erasures) add(erasure);
        for (const auto& reading : stored_.readings) {
            if (!add(reading)) return std::nullopt;
        }
        return std::move(shaped_);
    }

  private:
    using Number = std::optional<std::uint32_t>;  // of an entry in the new dictionary

    struct Attributes {
        std::uint32_t number = 0;
        std::uint32_t withheld = 0;
    };
    // An entry of a stored dictionary within an epoch.
    struct Key {
        model::Instant epoch;
        std::uint32_t entry;

        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const {
            const auto epoch = static_cast<std::uint64_t>(key.epoch.time_since_epoch().count());
            return std::hash<std::uint64_t>{}(epoch << 20U ^ key.entry);
        }
    };

    bool add(const buffer::StoredReading& stored) {
        const auto value = rules_.value(stored.value);
        if (!value) return false;
        const auto epoch = rules_.epoch_of(stored.observed_at);
        const auto device = device_of(stored, epoch);
        if (!device) return false;
        const auto attributes = attributes_of(stored, epoch);
        if (!attributes) return false;
        buffer::StoredReading reading = stored;
        reading.value = *value;
        reading.observed_at = rules_.time(stored.observed_at);
        reading.device = *device;
        reading.attributes = attributes->number;
        reading.quantity = quantity_of(stored);
        shaped_.fields_withheld += attributes->withheld;
        shaped_.batch.readings.push_back(reading);
        return true;
    }

    // A trait that the contract does not let leave tells the recipient nobody: what it has of the
    // person it has as anybody's.
    void add(const buffer::Erasure& stored) {
        if (rules_.has_epochs()) {
            ++shaped_.erasures_untold;
            return;
        }
        buffer::Erasure erasure = stored;
        if (stored.attribute.empty()) {
            const auto name = rules_.device(stored.device, {});
            if (!name || name->empty()) return;
            erasure.device = *name;
        } else {
            auto value = value_of(stored);
            if (!value) return;
            erasure.value = std::move(*value);
        }
        shaped_.batch.erasures.push_back(std::move(erasure));
    }

    std::optional<std::string> value_of(const buffer::Erasure& stored) {
        std::string member = "{";
        model::append_json_string(member, stored.attribute);
        member += ':';
        const std::size_t head = member.size();
        const auto left = rules_.attributes(member + stored.value + '}', {});
        if (!left || left->json.size() <= head) return std::nullopt;
        return left->json.substr(head, left->json.size() - head - 1);
    }

    Number device_of(const buffer::StoredReading& stored, model::Instant epoch) {
        const auto [known, is_new] = device_entries_.try_emplace({epoch, stored.device});
        if (!is_new) return known->second;
        auto name = rules_.device(stored_.devices[stored.device], stored.observed_at);
        if (name) known->second = devices_.number_of(std::move(*name));
        return known->second;
    }

    std::optional<Attributes> attributes_of(
        const buffer::StoredReading& stored, model::Instant epoch
    ) {
        const auto [known, is_new] = attribute_entries_.try_emplace({epoch, stored.attributes});
        if (!is_new) return known->second;
        auto left = rules_.attributes(stored_.attributes[stored.attributes], stored.observed_at);
        if (left)
            known->second =
                Attributes{attributes_.number_of(std::move(left->json)), left->withheld};
        return known->second;
    }

    std::uint32_t quantity_of(const buffer::StoredReading& stored) {
        Number& entry = quantities_[stored.quantity];
        if (entry) return *entry;
        auto& quantities = shaped_.batch.quantities;
        entry = static_cast<std::uint32_t>(quantities.size());
        quantities.push_back(stored_.quantities[stored.quantity]);
        return *entry;
    }

    RecipientRules& rules_;
    const buffer::Batch& stored_;
    Shaped shaped_;
    Dictionary devices_{shaped_.batch.devices};
    Dictionary attributes_{shaped_.batch.attributes};
    std::vector<Number> quantities_;
    std::unordered_map<Key, Number, Hash> device_entries_;
    std::unordered_map<Key, std::optional<Attributes>, Hash> attribute_entries_;
};

std::optional<model::Instant> end_of(const settings::Uplink& uplink, const std::string& dataset) {
    const auto* contract = settings::contract_for(uplink, dataset);
    return contract != nullptr ? contract->until : std::nullopt;
}

}  // namespace

Contract::Contract(const settings::Dataset& dataset, const settings::Uplink& uplink)
    : rules_(dataset, uplink), until_(end_of(uplink, dataset.name)) {}

bool Contract::changes(const buffer::Batch& batch) const {
    return rules_.changes_readings() || batch.attributes.size() > 1 || !batch.erasures.empty();
}

std::optional<Shaped> Contract::apply(const buffer::Batch& batch) {
    return Shaping{rules_, batch}.shape();
}

}  // namespace gateway::forward
