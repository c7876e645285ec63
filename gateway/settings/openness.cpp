#include "gateway/settings/openness.hpp"

#include "gateway/model/wide.hpp"
#include "gateway/settings/privacy_openness.hpp"
#include "gateway/settings/recipient_terms.hpp"
#include "gateway/settings/rule_text.hpp"
#include "gateway/settings/sum_openness.hpp"
#include "gateway/settings/units.hpp"

#include <algorithm>
#include <set>
#include <type_traits>
#include <utility>

namespace gateway::settings {
namespace {

using model::Decimal;

// Whether every multiple of `step` is one of `part`; then rounding to it tells no more.
bool is_multiple(Decimal step, Decimal part) {
    constexpr int kShiftMax = 18;
    const int exponent = std::min(step.exponent, part.exponent);
    if (step.exponent - exponent > kShiftMax || part.exponent - exponent > kShiftMax) return false;
    using Wide = model::WideInteger;
    Wide wide_step = step.mantissa;
    Wide wide_part = part.mantissa;
    for (int e = exponent; e < step.exponent; ++e) wide_step *= 10;
    for (int e = exponent; e < part.exponent; ++e) wide_part *= 10;
    return wide_part != 0 && wide_step % wide_part == 0;
}

bool is_among(const std::vector<Decimal>& edges, Decimal edge) {
    return std::any_of(edges.begin(), edges.end(), [edge](Decimal other) {
        return model::compare(edge, other) == 0;
    });
}

// Two rules of one kind.
struct Compared {
    bool operator()(const Keep&, const Keep&) const { return false; }
    bool operator()(const Drop&, const Drop&) const { return false; }
    bool operator()(const Patterns&, const Patterns&) const { return false; }
    bool operator()(const Pseudonym& before, const Pseudonym& now) const {
        const bool is_never_renewed = now.epoch.count() == 0;
        const bool lasts_longer =
            before.epoch.count() != 0 && (is_never_renewed || now.epoch > before.epoch);
        const bool is_computed = before.is_token && !now.is_token;
        return is_computed || lasts_longer ||
               (before.form != now.form && before.form != Form::as_sent);
    }
    bool operator()(const Coarsen& before, const Coarsen& now) const {
        return now.step % before.step != seconds{0} || (before.first_only && !now.first_only);
    }
    bool operator()(const Grid& before, const Grid& now) const {
        return now.metres < before.metres;
    }
    bool operator()(const Round& before, const Round& now) const {
        return !is_multiple(now.step, before.step);
    }
    bool operator()(const Bin& before, const Bin& now) const {
        return std::any_of(now.edges.begin(), now.edges.end(), [&](Decimal edge) {
            return !is_among(before.edges, edge);
        });
    }
    bool operator()(const TopCode& before, const TopCode& now) const {
        const bool opens_above =
            before.max && (!now.max || model::compare(*now.max, *before.max) > 0);
        const bool opens_below =
            before.min && (!now.min || model::compare(*now.min, *before.min) < 0);
        return opens_above || opens_below;
    }
    bool operator()(const Network& before, const Network& now) const {
        return now.v4_bits > before.v4_bits || now.v6_bits > before.v6_bits;
    }
    // Of two kinds: nothing is less than what is dropped and more than what is kept.
    template <class Before, class Now>
    bool operator()(const Before&, const Now&) const {
        return !std::is_same_v<Before, Keep> && !std::is_same_v<Now, Drop>;
    }
};

struct Address {
    std::string operator()(const HttpUplink& http) const { return http.url; }
    std::string operator()(const MqttUplink& mqtt) const {
        return mqtt.client.url + ' ' + mqtt.topic;
    }
};

std::string end_of(const Contract* contract) {
    const bool has_end = contract != nullptr && contract->until;
    return has_end ? model::to_rfc3339(*contract->until) : std::string{};
}

template <class T>
const T* named(const std::vector<T>& list, const std::string& name) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const T& each) { return each.name == name; });
    return found == list.end() ? nullptr : &*found;
}

class Comparison {
  public:
    Comparison(const Settings& before, const Settings& now) : before_(before), now_(now) {}

    std::vector<Opening> openings() {
        for (const Dataset& dataset : now_.datasets) {
            const Dataset* earlier = named(before_.datasets, dataset.name);
            if (earlier == nullptr) {
                found_.push_back({Opening::Kind::dataset, dataset.name, "", "", ""});
                continue;
            }
            compare_fields(*earlier, dataset);
            compare_terms(*earlier, dataset);
            compare_recipients(dataset);
        }
        return std::move(found_);
    }

  private:
    void compare_fields(const Dataset& earlier, const Dataset& dataset) {
        for (const std::string& field : fields_of(earlier, dataset)) {
            const Rule before = stored_rule(earlier, field);
            const Rule now = stored_rule(dataset, field);
            if (!is_more_open(before, now)) continue;
            found_.push_back(
                {Opening::Kind::field, dataset.name, field, to_string(before), to_string(now)}
            );
        }
    }

    void compare_terms(const Dataset& earlier, const Dataset& dataset) {
        if (dataset.retention > earlier.retention) {
            found_.push_back(
                {Opening::Kind::retention,
                 dataset.name,
                 "",
                 duration_text(earlier.retention),
                 duration_text(dataset.retention)}
            );
        }
        if (earlier.consent_each && !dataset.consent_each)
            found_.push_back({Opening::Kind::consent, dataset.name, "", "each", ""});
        if (dataset.consent_ref.empty() && !earlier.consent_ref.empty()) {
            found_.push_back({Opening::Kind::consent, dataset.name, "", earlier.consent_ref, ""});
        }
    }

    static std::set<std::string> fields_of(const Dataset& earlier, const Dataset& dataset) {
        std::set<std::string> fields{"time", "value"};
        for (const auto& [field, rule] : dataset.fields) fields.insert(field);
        for (const auto& [field, rule] : earlier.fields) fields.insert(field);
        return fields;
    }

    void compare_recipients(const Dataset& dataset) {
        for (const Uplink& uplink : now_.uplinks) {
            if (!takes(uplink, dataset.name)) continue;
            const Uplink* before = named(before_.uplinks, uplink.name);
            const std::string address = std::visit(Address{}, uplink.kind);
            const bool is_known = before != nullptr && takes(*before, dataset.name) &&
                                  std::visit(Address{}, before->kind) == address;
            if (!is_known) {
                found_.push_back({Opening::Kind::recipient, dataset.name, uplink.name, "", address}
                );
                continue;
            }
            compare_parties(*before, uplink, dataset.name);
            compare_ends(*before, uplink, dataset.name);
            compare_contracts(dataset, *before, uplink);
        }
    }

    void compare_parties(const Uplink& before, const Uplink& uplink, const std::string& dataset) {
        const std::string& recipient = recipient_of(before);
        if (recipient_of(uplink) != recipient) {
            found_.push_back(
                {Opening::Kind::domain, dataset, uplink.name, recipient, recipient_of(uplink)}
            );
        }
        if (uplink.country.empty() || uplink.country == before.country) return;
        found_.push_back(
            {Opening::Kind::country, dataset, uplink.name, before.country, uplink.country}
        );
    }

    void compare_ends(const Uplink& before, const Uplink& uplink, const std::string& dataset) {
        const Contract* earlier = contract_for(before, dataset);
        if (earlier == nullptr || !earlier->until) return;
        const Contract* contract = contract_for(uplink, dataset);
        const bool ends = contract != nullptr && contract->until;
        if (ends && *contract->until <= *earlier->until) return;
        found_.push_back(
            {Opening::Kind::term, dataset, uplink.name, end_of(earlier), end_of(contract)}
        );
    }

    // What the contracts make of what is stored now: what is stored beside it is the dataset's
    // opening.
    void compare_contracts(const Dataset& dataset, const Uplink& before, const Uplink& uplink) {
        const Contract* earlier = contract_for(before, dataset.name);
        const Contract* contract = contract_for(uplink, dataset.name);
        for (const std::string& field : fields_of(dataset, dataset)) {
            const Rule rule_before = rule_towards(dataset, earlier, field);
            const Rule rule_now = rule_towards(dataset, contract, field);
            if (!is_more_open(rule_before, rule_now)) continue;
            found_.push_back(
                {Opening::Kind::contract,
                 dataset.name,
                 uplink.name,
                 to_string(rule_before),
                 to_string(rule_now),
                 field}
            );
        }
    }

    const Settings& before_;
    const Settings& now_;
    std::vector<Opening> found_;
};

}  // namespace

bool is_more_open(const Rule& before, const Rule& now) {
    return std::visit(Compared{}, before, now);
}

std::vector<Opening> openings(const Settings& before, const Settings& now) {
    auto found = privacy_openings(before, now);
    for (auto& opening : Comparison{before, now}.openings()) found.push_back(std::move(opening));
    for (auto& opening : sum_openings(before, now)) found.push_back(std::move(opening));
    return found;
}

}  // namespace gateway::settings
