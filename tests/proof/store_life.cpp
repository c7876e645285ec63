#include "store_life.hpp"

#include "gateway/buffer/store_opening.hpp"
#include "numbered_readings.hpp"

namespace tests::proof {

using namespace gateway;

namespace {

using Kind = UnderWay::Kind;

constexpr model::Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
constexpr std::chrono::hours kRetention{400};
constexpr std::size_t kAlarms = 1;                       // the dataset's position
const std::vector<std::size_t> kQueueDatasets{0, 0, 1};  // as proof_settings() makes them

UnderWay under_way(Kind kind, std::size_t queue = 0, const buffer::Batch* batch = nullptr) {
    UnderWay call;
    call.kind = kind;
    call.queue = queue;
    if (batch == nullptr) return call;
    for (const auto& reading : batch->readings) call.sequences.push_back(reading.sequence);
    return call;
}

std::vector<settings::Priority> priorities(const settings::Settings& settings) {
    std::vector<settings::Priority> found;
    for (const auto& dataset : settings.datasets) found.push_back(dataset.priority);
    return found;
}

}  // namespace

settings::Settings proof_settings(const std::string& path, std::uint64_t size_max) {
    settings::Settings made;
    made.buffer.path = path;
    made.buffer.size_max = size_max;
    made.datasets.resize(2);
    made.datasets[0].name = "water";
    made.datasets[1].name = "alarms";
    made.datasets[1].priority = settings::Priority::alarm;
    for (auto& dataset : made.datasets) dataset.retention = kRetention;
    made.uplinks.resize(2);
    made.uplinks[0].name = "city";
    made.uplinks[1].name = "operator";
    made.uplinks[1].datasets = {"water"};
    return made;
}

StoreLife::StoreLife(std::uint32_t seed, const std::string& path, Shape shape)
    : random_(seed),
      shape_(shape),
      settings_(proof_settings(path, shape.size_max)),
      clock_(kStart),
      promises_(settings_.datasets.size(), kQueueDatasets) {}

template <class Answer>
bool StoreLife::settle(const Answer& answer) {
    if (!answer) {
        error_ = answer.error().message();
        return false;
    }
    promises_.keep(*store_);
    return true;
}

bool StoreLife::open(const std::string& vfs) {
    promises_.begin(under_way(Kind::open));
    error_.clear();
    auto opened = buffer::open_store(settings_, clock_, vfs, {}, &keys_);
    if (!opened) {
        error_ = opened.error().message();
        return false;
    }
    store_ = std::move(opened->store);
    refused_kept_ = 0;
    builder_.emplace(priorities(settings_), store_->next_device());
    promises_.keep(*store_);
    return true;
}

bool StoreLife::step() {
    clock_.advance(std::chrono::minutes{random_() % 120});
    const std::size_t queue = random_() % kQueueDatasets.size();
    const auto kind = random_() % 100;
    if (kind < 58) return write();
    if (kind < 88) return send(queue);
    if (kind < 92) return reopen_batch(queue);
    if (kind < 96) return set_aside(queue);
    return maintain();
}

bool StoreLife::write() {
    auto call = under_way(Kind::write);
    call.numbers.resize(settings_.datasets.size());
    const std::size_t count = 1 + random_() % shape_.readings_max;
    for (std::size_t dataset = 0; dataset < call.numbers.size(); ++dataset) {
        // The lesser dataset gets most.
        const std::size_t share = dataset == 0 ? count : random_() % (1 + count / 8);
        support::PublicReadings readings;
        for (std::size_t i = 0; i < share; ++i) {
            call.numbers[dataset].push_back(++last_number_);
            add_numbered(readings, last_number_);
        }
        [[maybe_unused]] const bool fits = builder_->add(dataset, readings.all());
    }
    call.refused = refused_kept_;
    if (random_() % 4 == 0) {
        const std::uint64_t refused = 1 + random_() % 3;
        builder_->count_refused(model::Refusal::duplicate, refused);
        call.refused += refused;
    }
    if (random_() % 50 == 0) builder_->begin_device_generation();
    refused_kept_ = 0;
    const std::uint64_t refused = call.refused;
    promises_.begin(std::move(call));
    auto group = builder_->take({}, clock_.now());
    const auto written = store_->write(group);
    if (written && *written == buffer::Store::Written::full) {
        builder_->keep_rest_of(group);
        refused_kept_ = refused;
        promises_.drop();
        return true;
    }
    // Alarms stay when only they found room.
    if (written && *written != buffer::Store::Written::stored) promises_.leave_out_before(kAlarms);
    return settle(written);
}

buffer::QueueLane StoreLife::lane_of(std::size_t queue) {
    return {queue, random_() % 3 == 0 ? buffer::Lane::backlog : buffer::Lane::live};
}

bool StoreLife::send(std::size_t queue) {
    const bool buries = random_() % 8 == 0;
    const auto from = lane_of(queue);
    buffer::BatchLimits limits;
    limits.readings_max = buries ? 1 : static_cast<std::uint32_t>(1 + random_() % 300);
    promises_.begin(under_way(Kind::open_batch, queue));
    const auto batch = store_->open_batch(from, limits);
    if (!settle(batch)) return false;
    if (!*batch || random_() % 5 == 0) return true;
    const std::uint64_t last = (*batch)->last_sequence;
    if (buries && (*batch)->readings.size() == 1) {
        promises_.begin(under_way(Kind::bury, queue, &**batch));
        return settle(store_->bury(from, last, "400", clock_.now()));
    }
    promises_.begin(under_way(Kind::confirm, queue, &**batch));
    return settle(store_->confirm(from, last));
}

bool StoreLife::reopen_batch(std::size_t queue) {
    promises_.begin(under_way(Kind::reopen, queue));
    return settle(store_->reopen_batch(lane_of(queue)));
}

bool StoreLife::set_aside(std::size_t queue) {
    promises_.begin(under_way(Kind::set_aside, queue));
    return settle(store_->set_aside(queue, store_->state().last_sequence));
}

bool StoreLife::maintain() {
    promises_.begin(under_way(Kind::maintain));
    return settle(store_->maintain(clock_.now(), builder_->device_base()));
}

bool StoreLife::close() {
    promises_.begin(under_way(Kind::maintain));
    return settle(store_->close());
}

}  // namespace tests::proof
