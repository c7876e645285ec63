#pragma once
#include "gateway/model/time.hpp"
#include "gateway/observe/histogram.hpp"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace gateway::status {

struct Label {
    std::string_view name;
    std::string_view value;
};

// Writes an OpenMetrics 1.0.0 text exposition: a family, then its samples, then the next family.
// A family without samples leaves no trace.
class MetricsWriter {
  public:
    using Labels = std::initializer_list<Label>;

    // The sample names of a counter end in _total, of an info in _info: the writer adds that.
    enum class Type { counter, gauge, histogram, info, stateset };

    // `unit` is the last word of the name ("seconds", "bytes"), or empty.
    void family(std::string_view name, Type type, std::string_view unit, std::string_view help);

    template <std::integral Number>
    void sample(Labels labels, Number number) {
        line(labels, std::to_string(number));
    }
    void sample(Labels labels, double number);  // fixed point with three digits

    // A label's samples of a family of histograms, or those of one without labels.
    void sample(const Label& label, const observe::Histogram& histogram);

    // Ends the exposition and gives it away.
    std::string finish();

  private:
    void line(Labels labels, std::string_view number, std::string_view suffix = {});

    std::string out_;
    std::string heading_;  // of the family, until its first sample
    std::string name_;     // of the family's samples
};

// A family with one sample for every uplink or source, labelled with its name.
struct Figure {
    std::string_view name;
    MetricsWriter::Type type;
    std::string_view unit;
    std::string_view help;
};

// Seconds since 1970.
std::int64_t to_seconds(model::Instant time);

}  // namespace gateway::status
