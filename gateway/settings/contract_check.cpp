#include "gateway/language/translate.hpp"
#include "gateway/settings/cross_check.hpp"
#include "gateway/settings/places.hpp"
#include "gateway/settings/recipient_terms.hpp"
#include "gateway/settings/rule_text.hpp"
#include "gateway/settings/suggestion.hpp"

#include <algorithm>

namespace gateway::settings {
namespace {

using language::tr;

template <class... Kinds>
bool is_any(const Rule& rule) {
    return (std::holds_alternative<Kinds>(rule) || ...);
}

bool is_token(const Rule& rule) {
    const auto* pseudonym = std::get_if<Pseudonym>(&rule);
    return pseudonym != nullptr && pseudonym->is_token;
}

bool keeps_first_only(const Rule& rule) {
    const auto* coarsen = std::get_if<Coarsen>(&rule);
    return coarsen != nullptr && coarsen->first_only;
}

// Whether a rule can be applied to what another one has left. A rule that reads one form of a text
// finds it in what was kept only.
struct Fits {
    const Rule& stored;

    bool operator()(const Keep&) const { return true; }
    bool operator()(const Drop&) const { return true; }
    bool operator()(const Coarsen&) const { return true; }  // times stay times
    bool operator()(const Pseudonym& rule) const {
        if (is_any<Keep>(stored)) return true;
        return rule.form == Form::as_sent && !is_any<Grid>(stored);
    }
    bool operator()(const Grid&) const { return is_any<Keep, Grid>(stored); }
    bool operator()(const Round&) const { return is_number(); }
    bool operator()(const Bin&) const { return is_number(); }
    bool operator()(const TopCode&) const { return is_number(); }
    bool operator()(const Network&) const { return is_any<Keep>(stored); }
    bool operator()(const Patterns&) const { return is_any<Keep, Patterns>(stored); }

  private:
    bool is_number() const { return is_any<Keep, Round, Bin, TopCode>(stored); }
};

// Whether a rule, applied to what another one of its kind has left, cannot do what it says: that
// one took more away.
struct IsFiner {
    bool operator()(const Coarsen& stored, const Coarsen& sent) const {
        return sent.step < stored.step;
    }
    bool operator()(const Grid& stored, const Grid& sent) const {
        return sent.metres < stored.metres;
    }
    bool operator()(const Round& stored, const Round& sent) const {
        return model::compare(sent.step, stored.step) < 0;
    }
    bool operator()(const Bin& stored, const Bin& sent) const {
        return std::any_of(sent.edges.begin(), sent.edges.end(), [&](model::Decimal edge) {
            return std::none_of(stored.edges.begin(), stored.edges.end(), [&](auto other) {
                return model::compare(edge, other) == 0;
            });
        });
    }
    bool operator()(const TopCode& stored, const TopCode& sent) const {
        const bool cuts_above =
            sent.max && (!stored.max || model::compare(*sent.max, *stored.max) <= 0);
        const bool cuts_below =
            sent.min && (!stored.min || model::compare(*sent.min, *stored.min) >= 0);
        return !cuts_above && !cuts_below;
    }
    template <class Stored, class Sent>
    bool operator()(const Stored&, const Sent&) const {
        return false;
    }
};

class ContractCheck {
  public:
    ContractCheck(const Settings& settings, const Table& document, Diagnostics& diagnostics)
        : settings_(settings), document_(document), diagnostics_(diagnostics) {
        for (const Dataset& dataset : settings.datasets) names_.push_back(dataset.name);
    }

    void check(std::size_t number) {
        const Uplink& uplink = settings_.uplinks[number];
        for (const Contract& contract : uplink.contracts) {
            const Position at =
                place_of(document_, {"uplink", number, "contract", contract.dataset});
            const Dataset* dataset = dataset_of(contract, at);
            if (dataset == nullptr) continue;
            require_taken(uplink, contract, at);
            for (const auto& [field, rule] : contract.fields) {
                const Position place = place_of(
                    document_, {"uplink", number, "contract", contract.dataset, "fields", field}
                );
                check_field(*dataset, field, rule, place);
            }
        }
    }

  private:
    const Dataset* dataset_of(const Contract& contract, Position at) {
        const auto found = std::find(names_.begin(), names_.end(), contract.dataset);
        if (found != names_.end())
            return &settings_.datasets[static_cast<std::size_t>(found - names_.begin())];
        const std::string_view meant = nearest(contract.dataset, names_);
        diagnostics_.error(
            at,
            tr("there is no dataset \"{0}\"", {contract.dataset}),
            meant.empty() ? tr("add a [[dataset]] with name = \"{0}\"", {contract.dataset})
                          : tr("did you mean '{0}'?", {meant})
        );
        return nullptr;
    }

    void require_taken(const Uplink& uplink, const Contract& contract, Position at) {
        if (takes(uplink, contract.dataset)) return;
        diagnostics_.error(
            at,
            tr("the uplink does not take the dataset \"{0}\"", {contract.dataset}),
            tr("add \"{0}\" to its 'datasets', or remove the contract", {contract.dataset})
        );
    }

    void check_field(
        const Dataset& dataset, const std::string& field, const Rule& rule, Position at
    ) {
        const Rule stored = stored_rule(dataset, field);
        if (std::holds_alternative<Drop>(stored)) {
            // A device that no rule names is an error of the dataset already.
            if (field == "device") return;
            diagnostics_.error(
                at,
                tr("'{0}' is not stored: the dataset \"{1}\" drops it", {field, dataset.name}),
                tr("remove it here, or write a rule for it in the dataset's fields")
            );
        } else if (is_token(rule)) {
            diagnostics_.error(
                at,
                tr("a contract has no vault: \"token\" is for a dataset"),
                tr("write \"pseudonym\"; a stored token becomes a name of this recipient alone")
            );
        } else if (keeps_first_only(rule)) {
            diagnostics_.error(
                at,
                tr("a contract removes no reading: 'keep' = \"first\" is for a dataset"),
                tr("remove 'keep' here, or write the rule in the fields of \"{0}\"", {dataset.name})
            );
        } else if (!std::visit(Fits{stored}, rule)) {
            diagnostics_.error(
                at,
                tr("'{0}' cannot become this: it is stored as \"{1}\"", {field, to_string(stored)}),
                tr("write \"keep\", or a rule for what is stored")
            );
        } else if (std::visit(IsFiner{}, stored, rule)) {
            diagnostics_.warning(
                at,
                tr("this promises more than is stored: '{0}' is stored as \"{1}\"",
                   {field, to_string(stored)}),
                tr("write \"keep\", or a coarser rule")
            );
        }
    }

    const Settings& settings_;
    const Table& document_;
    Diagnostics& diagnostics_;
    std::vector<std::string_view> names_;
};

}  // namespace

void check_contracts(const Settings& settings, const Table& document, Diagnostics& diagnostics) {
    ContractCheck check{settings, document, diagnostics};
    for (std::size_t i = 0; i < settings.uplinks.size(); ++i) check.check(i);
}

}  // namespace gateway::settings
