#include "gateway/cli/flow.hpp"

#include <cmath>

namespace gateway::cli {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

FlowRates counts_of(const observe::Report& report) {
    FlowRates counts;
    counts.received = report.received;
    counts.stored = report.stored;
    counts.refused = refused_in(report);
    counts.waiting = static_cast<std::int64_t>(waiting_in(report));
    for (const auto& [name, uplink] : report.uplinks) counts.delivered[name] = uplink.delivered;
    for (const auto& source : report.sources) {
        counts.stored_of[source.name] = source.stored;
        counts.refused_of[source.name] = source.refused;
    }
    return counts;
}

class RateOf {
  public:
    explicit RateOf(std::chrono::duration<double> span) : per_span_(10.0 / span.count()) {}

    std::uint64_t operator()(std::uint64_t before, std::uint64_t now) const {
        if (now < before) return 0;  // it is another thing of that name
        return static_cast<std::uint64_t>(
            std::llround(static_cast<double>(now - before) * per_span_)
        );
    }

    std::int64_t change(std::int64_t before, std::int64_t now) const {
        return std::llround(static_cast<double>(now - before) * per_span_);
    }

    // Of those that were there before.
    Counts operator()(const Counts& before, const Counts& now) const {
        Counts rates;
        for (const auto& [name, count] : now) {
            const auto known = before.find(name);
            if (known != before.end()) rates[name] = (*this)(known->second, count);
        }
        return rates;
    }

  private:
    double per_span_;
};

}  // namespace

std::uint64_t waiting_in(const observe::Report& report) {
    std::uint64_t waiting = 0;
    for (const auto& [name, uplink] : report.uplinks) waiting += uplink.waiting;
    return waiting;
}

std::uint64_t refused_in(const observe::Report& report) {
    std::uint64_t refused = 0;
    for (const auto& [cause, count] : report.refused) refused += count;
    return refused;
}

void Flow::add(const observe::Report& report, Time now) {
    if (!samples_.empty() && report.uptime_s < samples_.back().uptime_s) samples_.clear();
    samples_.push_back({now, report.uptime_s, counts_of(report)});
    while (samples_.size() > kReportsMax ||
           (samples_.size() > 2 && now - samples_.front().at > kWindow))
        samples_.pop_front();
}

std::optional<FlowRates> Flow::rates() const {
    if (samples_.size() < 2 || samples_.back().at <= samples_.front().at) return std::nullopt;
    const FlowRates& before = samples_.front().counts;
    const FlowRates& now = samples_.back().counts;
    const RateOf rate_of(samples_.back().at - samples_.front().at);
    FlowRates rates;
    rates.received = rate_of(before.received, now.received);
    rates.stored = rate_of(before.stored, now.stored);
    rates.refused = rate_of(before.refused, now.refused);
    rates.waiting = rate_of.change(before.waiting, now.waiting);
    rates.delivered = rate_of(before.delivered, now.delivered);
    rates.stored_of = rate_of(before.stored_of, now.stored_of);
    rates.refused_of = rate_of(before.refused_of, now.refused_of);
    return rates;
}

}  // namespace gateway::cli
