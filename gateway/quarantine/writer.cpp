#include "gateway/quarantine/writer.hpp"

#include "gateway/quarantine/envelope.hpp"
#include "gateway/runtime/wipe.hpp"

#include <algorithm>
#include <utility>

namespace gateway::quarantine {

Writer::Writer(
    const settings::Quarantine& settings, const sealing::Seal& seal, std::string directory
)
    : size_max_(settings.size_max),
      seal_(seal),
      ring_(std::move(directory), settings.size_max, settings.retention),
      allowance_(settings.size_max) {}

void Writer::take(std::vector<Record>& records, const Moment& now, bool is_last) {
    refill(now.since_boot);
    for (Record& record : records) {
        seal(record, now);
        wipe(record);
        if (group_.size() >= kGroupBytesMax) write_group();
    }
    records.clear();
    const bool is_old = group_records_ > 0 && now.since_boot - group_began_ >= kGroupAgeMax;
    if (is_old || is_last) write_group();
    if (now.date) ring_.expire(*now.date);
}

void Writer::refill(Duration since_boot) {
    const auto passed = std::chrono::floor<std::chrono::seconds>(since_boot - refilled_);
    if (passed.count() <= 0) return;
    constexpr std::chrono::seconds kLife = kRingLifeMin;
    const auto share = static_cast<std::uint64_t>(std::min(passed, kLife).count());
    const auto whole = static_cast<std::uint64_t>(kLife.count());
    allowance_ = std::min(size_max_, allowance_ + size_max_ * share / whole);
    refilled_ += passed;
}

void Writer::seal(const Record& record, const Moment& now) {
    std::string bytes = to_bytes(record);
    const std::uint64_t size = kEnvelopeBytes + sealing::Seal::kOverheadBytes + bytes.size();
    const bool is_too_large = size > size_max_ / kRecordShare || bytes.size() > kSealedBytesMax / 2;
    if (is_too_large) {
        ++figures_.too_large;
    } else if (size > allowance_) {
        ++figures_.spared;
    } else {
        allowance_ -= size;
        if (group_records_++ == 0) group_began_ = now.since_boot;
        group_oldest_ = earlier(group_oldest_, record.time);
        const std::string sealed = seal_.seal(bytes);
        group_ += to_bytes(Envelope{record.time, record.cause, sealed});
    }
    runtime::wipe(bytes);
}

void Writer::write_group() {
    if (group_records_ == 0) return;
    figures_.failure = ring_.append(group_, group_records_, group_oldest_);
    (figures_.failure ? figures_.write_failed : figures_.sealed) += group_records_;
    group_.clear();
    group_records_ = 0;
    group_oldest_ = kUndated;
}

Writer::Figures Writer::figures() const {
    Figures figures = figures_;
    figures.ring = ring_.figures();
    return figures;
}

}  // namespace gateway::quarantine
