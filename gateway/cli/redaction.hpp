#pragma once
#include "gateway/model/quantity.hpp"
#include "gateway/settings/document.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::cli {

// Takes out of the box's own words everything that says where it stands, whom it knows and how one
// gets in. What stays is on a list: keys and words of the configuration, codes of problems and
// causes, built-in quantities, counts, times, durations. Everything else gets a placeholder of its
// kind and a number, the same for the same text: "uplink-2" is the second uplink that was met, of a
// configuration the second in the file. So what a later release adds is left out until somebody
// puts it on the list.
class Redaction {
  public:
    // JSON of ours; of what is no JSON nothing is left but the word "unreadable".
    std::string json(std::string_view text);

    // A configuration, as JSON.
    std::string configuration(const settings::Table& table);

    // OpenMetrics: the values of labels.
    std::string metrics(std::string_view text);

    // Whether it is a quantity that every gateway knows, or the unit of one.
    bool is_built_in(std::string_view text) const;

    // What stands for a text: `kind` and a number.
    std::string placeholder(std::string_view kind, std::string_view text);

  private:
    model::Vocabulary vocabulary_;
    std::map<std::pair<std::string, std::string>, std::size_t> known_;
    std::map<std::string, std::size_t> last_;  // number, by kind
};

}  // namespace gateway::cli
