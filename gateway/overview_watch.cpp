// What an Overview looks for, once a second.
#include "gateway/clock_problems.hpp"
#include "gateway/contract_problems.hpp"
#include "gateway/firmware_problems.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/overview.hpp"
#include "gateway/quarantine_report.hpp"
#include "gateway/sum_problems.hpp"
#include "gateway/support_problem.hpp"

#include <algorithm>
#include <string>

namespace gateway {
namespace {

using language::tr;

constexpr std::uint64_t kNearlyFullPercent = 90;

bool is_keyless(const forward::UplinkState& state) {
    return state.trouble == forward::UplinkState::Trouble::keyless;
}

std::string problem_of(std::string code, const std::string& source) {
    code += ':';
    code += source;
    return code;
}

}  // namespace

void Overview::watch() {
    for (std::size_t i = 0; i < settings_.sources.size(); ++i) watch_source(i);
    for (std::size_t i = 0; i < settings_.uplinks.size(); ++i) watch_uplink(i);
    watch_buffer();
    watch_sums(parts_.sums, problems_);
    watch_clock(timekeeper_, problems_);
    watch_support(clock_, problems_);
    if (parts_.vault != nullptr) watch_quarantine(parts_.vault->figures(), problems_);
    if (parts_.firmware != nullptr) watch_firmware(*parts_.firmware, problems_, stopped_updates_);
    measure_growth();
}

void Overview::watch_source(std::size_t position) {
    if (parts_.ways_in.list()[position]->is_stopped) return;  // as it was told to
    watch_driver(position);
    const auto report = source_report(position);
    const auto code = "source-disconnected:" + report.name;
    if (report.connected) return problems_.clear(code);
    if (parts_.ways_in.list()[position]->driver->state().is_clock_suspect &&
        misleads_certificates(clock_)) {
        const auto text =
            tr("Source {0} cannot receive ({1}). The likely reason is the clock of the box, which "
               "is not right, so that valid certificates are refused.",
               {report.name, report.detail});
        return problems_.raise(code, text, false);
    }
    const auto text =
        tr("Source {0} cannot receive ({1}). Check that its broker or port can be reached and that "
           "its settings are right.",
           {report.name, report.detail});
    problems_.raise(code, text, false);
}

// What the driver itself says is wrong; what it does not say any more is over.
void Overview::watch_driver(std::size_t position) {
    const std::string& name = settings_.sources[position].name;
    const auto problems = parts_.ways_in.list()[position]->driver->state().problems;
    auto& raised = driver_problems_[name];
    for (const std::string& code : raised) {
        if (!problems.contains(code)) problems_.clear(problem_of(code, name));
    }
    raised.clear();
    for (const auto& [code, text] : problems) {
        problems_.raise(problem_of(code, name), text, false);
        raised.insert(code);
    }
}

void Overview::has_exchanged(const std::set<std::string>& sources) {
    for (const std::string& name : sources) {
        problems_.clear("source-disconnected:" + name);
        for (const std::string& code : driver_problems_[name])
            problems_.clear(problem_of(code, name));
        driver_problems_.erase(name);
    }
    notice_ = make_notice(settings_);
}

void Overview::watch_uplink(std::size_t position) {
    const auto& name = settings_.uplinks[position].name;
    const auto report = uplink_report(position);
    watch_delivery(position, report);
    watch_key(position);
    const auto withholdings = parts_.ways_out.list()[position].forwarder->withholdings();
    watch_contracts(settings_.uplinks[position], withholdings, problems_);
    watch_erasures(position);
    const auto code = "dead-letters:" + name;
    if (report.dead == 0) return problems_.clear(code);
    const auto text =
        tr("{1} readings were not delivered by uplink {0} and never will be: its recipient refused "
           "them for good, or they cannot be brought under its contract. They are kept as dead "
           "letters with the cause; ask the recipient, or look at the contract's rules.",
           {name, std::to_string(report.dead)});
    problems_.raise(code, text, false);
}

// In this run: the log has those of earlier ones.
void Overview::watch_erasures(std::size_t position) {
    const auto& name = settings_.uplinks[position].name;
    if (parts_.ways_out.list()[position].forwarder->state().erasures_refused == 0) return;
    problems_.raise(
        "erasures-refused:" + name,
        tr("The recipient of uplink {0} refused to be told whose readings it must erase. Tell its "
           "operator by other means; the certificates of erasure say when.",
           {name}),
        false
    );
}

void Overview::watch_delivery(std::size_t position, const observe::UplinkReport& report) {
    const auto& name = settings_.uplinks[position].name;
    const auto code = "uplink-unreachable:" + name;
    const auto& way_out = parts_.ways_out.list()[position];
    const auto& state = way_out.forwarder->state();
    const bool is_asked = waits_for_recipient(way_out) && !is_keyless(state);
    const bool has_failed = state.trouble != forward::UplinkState::Trouble::none;
    if (report.connected || !is_asked || !has_failed) return problems_.clear(code);
    if (state.is_clock_suspect && misleads_certificates(clock_)) {
        const auto text =
            tr("Uplink {0} does not take readings ({1}). The likely reason is the clock of the "
               "box, which is not right, so that valid certificates are refused. The readings are "
               "kept in the buffer.",
               {name, report.detail});
        return problems_.raise(code, text, false);
    }
    const auto text =
        tr("Uplink {0} does not take readings ({1}). They are kept in the buffer. Check the link, "
           "the address and the "
           "access rights.",
           {name, report.detail});
    problems_.raise(code, text, false);
}

// Whether anything waits that a contract does not keep.
bool Overview::waits_for_recipient(const WayOut& way_out) const {
    const auto withholdings = way_out.forwarder->withholdings();
    return std::any_of(
        way_out.queues.begin(),
        way_out.queues.end(),
        [&](const buffer::BatchQueue* queue) {
            return queue->waiting().readings > 0 &&
                   std::none_of(withholdings.begin(), withholdings.end(), [&](const auto& each) {
                       return each.dataset == queue->dataset();
                   });
        }
    );
}

void Overview::watch_key(std::size_t position) {
    const auto& name = settings_.uplinks[position].name;
    const auto& state = parts_.ways_out.list()[position].forwarder->state();
    const auto code = "uplink-keyless:" + name;
    if (!is_keyless(state)) return problems_.clear(code);
    const auto text =
        tr("Uplink {0} sends nothing, since the key of its recipient's pseudonyms cannot be read "
           "or made below {1} ({2}). The readings are kept in the buffer. Check the disk and who "
           "may read and write there.",
           {name, settings_.gateway.state_directory, state.detail});
    problems_.raise(code, text, false);
}

void Overview::watch_buffer() {
    const auto& figures = parts_.outbox.figures();
    if (!parts_.outbox.able_to_store()) {
        problems_.raise(
            "store-failed",
            tr("The buffer cannot be written. Nothing is acknowledged any more. Check the disk; "
               "the gateway restarts by "
               "itself."),
            true
        );
    }
    if (figures.bytes * 100 < figures.size_max * kNearlyFullPercent) {
        problems_.clear("buffer-nearly-full");
    } else {
        const auto text =
            tr("The buffer is over {0} % full. Restore the uplink, or give the buffer more room "
               "(size_max).",
               {std::to_string(kNearlyFullPercent)});
        problems_.raise("buffer-nearly-full", text, false);
    }
    if (figures.spent_keys == 0) {
        problems_.clear("keys-not-destroyed");
    } else {
        const auto text =
            tr("{0} keys of readings that are gone cannot be destroyed in {1}. It is tried again "
               "every ten minutes. Check the disk and who may write there.",
               {std::to_string(figures.spent_keys),
                settings_.gateway.state_directory + "/keys/segments"});
        problems_.raise("keys-not-destroyed", text, false);
    }
    watch_evictions();
    watch_room();
}

// Until a reading is stored: that there is room nothing else can tell.
void Overview::watch_room() {
    const std::uint64_t stored = parts_.outbox.ledger().stored;
    if (refused_for_room() > room_.refused) {
        room_ = {refused_for_room(), stored};
        problems_.raise(
            "buffer-full",
            tr("There is no room for readings: they are refused, and devices have to send them "
               "again. Make room on the disk (df), restore the uplink, or give the buffer more "
               "(size_max)."),
            true
        );
    } else if (stored > room_.stored) {
        problems_.clear("buffer-full");
    }
}

// For a day: what is long past would hide what is new.
void Overview::watch_evictions() {
    const std::uint64_t count = parts_.history.evicted_in_a_day();
    if (count == 0) return problems_.clear("readings-evicted");
    problems_.raise(
        "readings-evicted",
        tr("Readings that left the buffer undelivered in the last 24 hours: {0}. The ledger says "
           "why.",
           {std::to_string(count)}),
        false
    );
}

}  // namespace gateway
