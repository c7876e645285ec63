#include "gateway/sums.hpp"

#include "gateway/aggregate/error.hpp"
#include "gateway/aggregate/former_datasets.hpp"
#include "gateway/aggregate/frozen_result.hpp"
#include "gateway/anonymise/epoch.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gateway {

namespace asio = boost::asio;
using aggregate::FrozenRelease;
using language::tr;

namespace {

constexpr std::string_view kTokenKey = "sum-meters";  // a dataset's key has dots in its name
constexpr const char* kSession = "sums";
constexpr std::uint64_t kPacketIds = 65'535;
constexpr buffer::BatchLimits kBatch{20'000, 4 << 20};
// Of readings that waited longer than a window: a batch is to span few windows.
constexpr buffer::BatchLimits kBatchOfWaiting{1'000, 4 << 20};

std::uint16_t packet_of(const FrozenRelease& release) {
    return static_cast<std::uint16_t>(1 + release.number % kPacketIds);
}

// An error of these lasts until somebody has looked; the file itself is sound.
bool forbids_release_only(const boost::system::error_code& error) {
    return error == aggregate::Errc::rolled_back || error == aggregate::Errc::generation_lost;
}

const settings::Dataset& dataset_of(const settings::Sum& sum, const settings::Settings& settings) {
    return *std::find_if(
        settings.datasets.begin(),
        settings.datasets.end(),
        [&](const settings::Dataset& dataset) { return dataset.name == sum.from; }
    );
}

}  // namespace

struct Sums::Part {
    Part(const Input& input_, aggregate::SumPlan plan_) : input(input_), plan(std::move(plan_)) {}

    buffer::BatchLane& lane() const { return input.queue.lane(buffer::Lane::live); }

    Input input;
    aggregate::SumPlan plan;
    std::int64_t epoch = -1;  // whose names the directory knows
    std::unique_ptr<aggregate::Aggregation> aggregation;
    SumFigures figures;
};

Sums::Sums(Environment environment)
    : environment_(std::move(environment)),
      place_{
          environment_.state_directory + "/sums.db",
          environment_.state_directory + "/keys/sums.generation"},
      window_keys_(
          anonymise::window_keys(environment_.state_directory + "/keys", environment_.key_wrap)
      ) {}

Sums::~Sums() {
    thread_.join();
}

model::Result<std::unique_ptr<Sums>, std::string> Sums::make(
    Environment environment, const settings::Settings& settings, std::vector<Input> inputs
) {
    std::unique_ptr<Sums> sums(new Sums(std::move(environment)));
    if (inputs.empty()) return sums;
    const auto key = sums->environment_.keys.key(kTokenKey);
    if (!key)
        return tr(
            "the key of the sums cannot be read or made: {0}",
            {language::failure_words(key.error())}
        );
    const anonymise::Pseudonymiser tokens(*key);
    for (const Input& input : inputs) {
        auto plan = aggregate::plan_sum(input.sum, dataset_of(input.sum, settings), tokens);
        if (!plan) return tr("the sum \"{0}\": {1}", {input.sum.name, plan.error()});
        for (const auto& part : sums->parts_) {
            auto fault =
                aggregate::fault_between({part->input.sum, part->plan}, {input.sum, *plan});
            if (!fault.empty()) return fault;
        }
        sums->parts_.push_back(std::make_unique<Part>(input, std::move(*plan)));
    }
    return sums;
}

std::vector<Sums::Input> Sums::inputs_of(
    const settings::Settings& settings, buffer::Outbox& outbox
) {
    std::vector<Input> inputs;
    for (std::size_t i = 0; i < settings.sums.size(); ++i) {
        const auto source = static_cast<model::SourceId>(settings.sources.size() + i);
        const auto consumer = static_cast<buffer::UplinkId>(settings.uplinks.size() + i);
        inputs.push_back({settings.sums[i], *outbox.queues(consumer).front(), source});
    }
    return inputs;
}

SumFigures Sums::figures(std::size_t position) const {
    SumFigures figures = parts_[position]->figures;
    figures.waiting = parts_[position]->input.queue.waiting().readings;
    return figures;
}

asio::awaitable<void> Sums::run() {
    if (parts_.empty()) {
        auto work = [this] { return clear_file(); };
        state_ = co_await thread_.run(work);
        co_return;
    }
    asio::steady_timer timer(environment_.reactor);
    while (true) {
        co_await work();
        timer.expires_after(environment_.tick);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

// Windows are of dates; without one nothing can be done yet.
asio::awaitable<void> Sums::work() {
    if (!environment_.clock.is_trusted()) co_return;
    state_ = co_await work_once();
    if (!state_ && !forbids_release_only(state_.error())) close();
    for (const auto& part : parts_) {
        if (!part->aggregation) continue;
        part->figures.counts = part->aggregation->counts();
        part->figures.open_windows = part->aggregation->open_windows();
    }
}

asio::awaitable<model::Result<void>> Sums::work_once() {
    if (!file_) {
        auto opened = co_await open();
        if (!opened) co_return opened;
    }
    auto result = co_await send_releases();
    for (const auto& part : parts_) {
        auto done = co_await work_on(*part);
        if (done) continue;
        result = done;
        if (!forbids_release_only(done.error())) break;
    }
    co_return result;
}

asio::awaitable<model::Result<void>> Sums::work_on(Part& part) {
    const auto now = environment_.clock.now();
    auto learnt = co_await learn_names(part, now);
    if (!learnt) co_return learnt;
    auto taken = co_await take_all(part, now);
    if (!taken) co_return taken;
    co_return co_await release(part, now);
}

asio::awaitable<model::Result<void>> Sums::open() {
    auto work = [this, now = environment_.clock.now()] { return open_file(now); };
    co_return co_await thread_.run(work);
}

model::Result<void> Sums::open_file(model::Instant now) {
    auto file = aggregate::SpoolFile::open(place_);
    if (!file) return file.error();
    file_ = std::move(*file);
    std::vector<std::string> names;
    for (const auto& part : parts_) names.push_back(part->plan.rules.dataset);
    auto forgotten = aggregate::forget_former_datasets(*file_, window_keys_, names);
    if (!forgotten) return forgotten;
    for (const auto& part : parts_) {
        auto aggregation = aggregate::Aggregation::open(
            {*file_, window_keys_, entropy_}, part->plan.rules, part->plan.registry, now
        );
        if (!aggregation) return aggregation.error();
        part->aggregation = std::move(*aggregation);
    }
    return {};
}

// Of sums that the configuration had once, when it has none any more.
model::Result<void> Sums::clear_file() {
    if (::access(place_.database.c_str(), F_OK) != 0) return {};
    const auto file = aggregate::SpoolFile::open(place_);
    if (!file) return file.error();
    return aggregate::forget_former_datasets(**file, window_keys_, {});
}

// After an error everything is opened again, from what is on the disk.
void Sums::close() {
    for (const auto& part : parts_) part->aggregation.reset();
    file_.reset();
}

// The pseudonyms of this epoch, and of those since the one in which the oldest reading that waits
// was stored, as far as their keys are still there.
asio::awaitable<model::Result<void>> Sums::learn_names(Part& part, model::Instant now) {
    const auto& directory = part.plan.directory;
    if (!directory.is_pseudonymous()) co_return model::Result<void>{};
    const auto length = directory.epoch_length();
    const std::int64_t number = anonymise::epoch_number(now, length);
    if (number <= part.epoch) co_return model::Result<void>{};
    const std::string& dataset = part.input.sum.from;
    for (std::int64_t before = first_to_learn(part, now); before < number; ++before) {
        const auto name = anonymise::epoch_key_name(dataset, length, before);
        const auto found = environment_.keys.find(name);
        if (!found) co_return found.error();
        if (*found) co_await add_epoch(part, **found);
        part.epoch = before;
    }
    const auto key = environment_.keys.key(anonymise::epoch_key_name(dataset, length, number));
    if (!key) co_return key.error();
    co_await add_epoch(part, *key);
    part.epoch = number;
    co_return model::Result<void>{};
}

// At the start at least the epoch before: a reading of it may be on its way.
std::int64_t Sums::first_to_learn(const Part& part, model::Instant now) const {
    const auto& directory = part.plan.directory;
    const auto length = directory.epoch_length();
    const std::int64_t number = anonymise::epoch_number(now, length);
    const std::int64_t oldest = anonymise::epoch_number(watermark_of(part, now), length);
    const std::int64_t first = part.epoch < 0 ? std::min(number - 1, oldest) : part.epoch + 1;
    const auto known = static_cast<std::int64_t>(directory.epochs_max());
    return std::max({first, number - known + 1, std::int64_t{0}});
}

asio::awaitable<void> Sums::add_epoch(Part& part, const anonymise::Key& key) {
    const auto names = std::make_shared<const anonymise::Pseudonymiser>(key);
    auto work = [&directory = part.plan.directory, names] { directory.add_epoch(*names); };
    co_await thread_.run(work);
}

asio::awaitable<model::Result<void>> Sums::take_all(Part& part, model::Instant now) {
    for (int i = 0; i < kBatchesATick; ++i) {
        const auto taken = co_await take_next(part, now);
        if (!taken) co_return taken.error();
        if (!*taken) break;
    }
    co_return model::Result<void>{};
}

// Before a batch is taken the windows are released that are over where it begins, so that readings
// which waited for long are not too far ahead. Where nothing may be released they go on waiting.
// The aggregation's own cursor moves with the readings: a batch that comes again adds nothing.
// False when nothing waits.
asio::awaitable<model::Result<bool>> Sums::take_next(Part& part, model::Instant now) {
    const bool waited = now - watermark_of(part, now) > part.plan.rules.window;
    const buffer::BatchLimits limits = waited ? kBatchOfWaiting : kBatch;
    auto opened = co_await part.lane().open(limits);
    if (!opened) co_return opened.error();
    if (!opened->has_value()) co_return false;
    const auto batch = std::make_shared<const buffer::Batch>(std::move(**opened));
    if (!batch->readings.empty()) {
        const auto released = co_await release(part, now);
        if (!released) co_return released.error();
    }
    auto work = [this, &part, batch] { return take(part, *batch); };
    const auto taken = co_await thread_.run(work);
    if (!taken) co_return taken.error();
    const auto confirmed = co_await part.lane().confirm();
    if (!confirmed) co_return confirmed.error();
    co_return true;
}

// A batch that was taken and not confirmed comes again with its erasures, which would take out what
// the meter brought in it, and what is later than they mean.
model::Result<void> Sums::take(Part& part, const buffer::Batch& batch) {
    const bool is_known = batch.last_sequence < part.aggregation->next_sequence();
    if (is_known && !batch.readings.empty()) return {};
    for (const buffer::Erasure& erasure : batch.erasures) {
        if (erasure.device.empty()) continue;  // a sum knows no attributes
        const auto meter = part.plan.directory.find(erasure.device);
        if (auto forgotten = part.aggregation->forget(meter); !forgotten) return forgotten;
    }
    if (batch.readings.empty()) return {};  // gaps alone: the ledger has counted them
    std::vector<aggregate::MeterToken> meters;
    meters.reserve(batch.devices.size());
    for (const std::string& device : batch.devices)
        meters.push_back(part.plan.directory.find(device));
    std::vector<aggregate::Contribution> readings;
    for (const buffer::StoredReading& reading : batch.readings) {
        if (batch.quantities[reading.quantity].name != part.input.sum.quantity) continue;
        readings.push_back(
            {reading.sequence, meters[reading.device], reading.value, reading.observed_at}
        );
    }
    return part.aggregation->take({batch.last_sequence + 1, readings});
}

// What was stored before it has been taken. `now` is of before the readings were looked for.
model::Instant Sums::watermark_of(const Part& part, model::Instant now) const {
    const auto waiting = part.lane().waiting();
    if (waiting.readings == 0 || !waiting.oldest_stored_at) return now;
    return std::min(now, environment_.clock.date(*waiting.oldest_stored_at));
}

// All that are due: after a pause more than one call releases.
asio::awaitable<model::Result<void>> Sums::release(Part& part, model::Instant now) {
    const auto watermark = watermark_of(part, now);
    auto work = [&part, watermark] { return part.aggregation->release_due(watermark); };
    while (true) {
        const auto released = co_await thread_.run(work);
        if (!released) co_return released.error();
        if (*released < aggregate::Aggregation::kReleasesMax) co_return model::Result<void>{};
    }
}

// --- what was released goes into the pipeline ---

asio::awaitable<model::Result<void>> Sums::send_releases() {
    for (int i = 0; i < kReleasesATick; ++i) {
        auto find = [this] { return file_->next_release(0); };
        const auto next = co_await thread_.run(find);
        if (!next) co_return next.error();
        const FrozenRelease* release = *next ? &**next : nullptr;
        co_await forget_marks_but(release);
        if (release == nullptr) break;
        const bool is_done = co_await send(*release);
        if (!is_done) break;
        auto forgotten = co_await forget(release->number);
        if (!forgotten) co_return forgotten;
        // Only now: until here the mark keeps the release from being stored twice.
        (void)co_await environment_.marks.release(kSession, packet_of(*release));
    }
    co_return model::Result<void>{};
}

// Marks that were left when the power went between the two last steps; their numbers come again.
asio::awaitable<void> Sums::forget_marks_but(const FrozenRelease* next) {
    if (std::exchange(marks_are_clean_, true)) co_return;
    for (const std::uint16_t packet : environment_.marks.held(kSession)) {
        if (next != nullptr && packet == packet_of(*next)) continue;
        const auto released = co_await environment_.marks.release(kSession, packet);
        if (!released) marks_are_clean_ = false;
    }
}

const Sums::Part* Sums::part_of(const FrozenRelease& release) const {
    const auto found = std::find_if(parts_.begin(), parts_.end(), [&](const auto& part) {
        return part->input.sum.name == release.dataset;
    });
    return found == parts_.end() ? nullptr : found->get();
}

// False when it must be sent again.
asio::awaitable<bool> Sums::send(const FrozenRelease& release) {
    if (!aggregate::has_sums(release.body)) co_return true;
    const std::array<observe::Field, 1> fields{observe::Field{"sum", release.dataset}};
    const Part* part = part_of(release);
    if (part == nullptr) {
        environment_.log.write(
            observe::Level::warning,
            "sum-abandoned",
            tr("A sum that the configuration no longer has was released; nobody gets it."),
            fields
        );
        co_return true;
    }
    model::Frame frame(part->input.source, "", "", release.body, environment_.clock.now());
    frame.mark = model::FrameMark{kSession, packet_of(release)};
    const auto receipt = co_await environment_.sink.accept(std::move(frame));
    if (ingest::must_come_again(receipt)) co_return false;
    if (!receipt || receipt->stored == 0) {
        const bool is_repetition = receipt && receipt->refused > 0;
        if (is_repetition) co_return true;
        environment_.log.write(
            observe::Level::warning,
            "sum-refused",
            tr("A released sum cannot be stored; check the quantity's bounds and the dataset."),
            fields
        );
    }
    co_return true;
}

asio::awaitable<model::Result<void>> Sums::forget(std::uint64_t number) {
    auto work = [this, number] { return file_->forget_releases(number); };
    co_return co_await thread_.run(work);
}

}  // namespace gateway
