#include "gateway/rollout/history.hpp"

#include "gateway/rollout/record_text.hpp"

#include <charconv>
#include <utility>

namespace gateway::rollout {
namespace {

constexpr const char* kRecord = "/record.json";
constexpr const char* kSignature = ".sig";

// The version that a file belongs to; 0: none.
std::uint32_t number_of(const std::string& name) {
    std::uint32_t number = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool is_text = failure == std::errc{} && std::string_view(end).starts_with(".toml");
    return is_text ? number : 0;
}

}  // namespace

void History::load() {
    const auto text = files_.read(directory_ + kRecord);
    auto record = text ? parse_record(*text) : std::nullopt;
    const bool is_there = text || text.error() != boost::system::errc::no_such_file_or_directory;
    is_lost_ = is_there && !record;
    record_ = record ? std::move(*record) : Record{};
}

std::string History::path_of(std::uint32_t number) const {
    return directory_ + '/' + std::to_string(number) + ".toml";
}

model::Result<History::Text> History::read(std::uint32_t number) const {
    auto text = files_.read(path_of(number));
    if (!text) return text.error();
    const auto signature = files_.read(path_of(number) + kSignature);
    return Text{std::move(*text), signature ? *signature : std::string{}};
}

Start::Runs History::start(const std::string& file_text, const std::string& reason) {
    auto start = at_start(record_, digest_of(file_text), reason);
    if (start.record != record_) {
        Record decided = start.record;
        [[maybe_unused]] const auto saved = save(std::move(start.record));
        record_ = std::move(decided);
    }
    sweep();
    return start.runs;
}

model::Result<void> History::adopt(const Text& text, Version version) {
    version.digest = digest_of(text.text);
    Record record = with_adopted(record_, std::move(version));
    if (auto written = write(record.number_last, text); !written) return written;
    return save(std::move(record));
}

model::Result<void> History::begin_trial(const Text& text, Version version) {
    version.digest = digest_of(text.text);
    Record record = with_trial(record_, std::move(version));
    if (auto written = write(record.number_last, text); !written) return written;
    return save(std::move(record));
}

model::Result<void> History::confirm_trial(const std::string& file_text) {
    return save(with_trial_confirmed(record_, digest_of(file_text)));
}

model::Result<void> History::fail_trial(std::string reason, const std::string& file_text) {
    Record failed = with_trial_failed(record_, std::move(reason), digest_of(file_text));
    auto saved = save(failed);
    record_ = std::move(failed);
    return saved;
}

model::Result<void> History::write(std::uint32_t number, const Text& text) {
    // Of a version that a power cut has kept out of the record.
    files_.remove(path_of(number) + kSignature);
    if (auto written = files_.replace(path_of(number), text.text); !written) return written;
    if (text.signature.empty()) return {};
    return files_.replace(path_of(number) + kSignature, text.signature);
}

model::Result<void> History::save(Record record) {
    auto saved = files_.replace(directory_ + kRecord, to_text(record));
    if (!saved) return saved;
    record_ = std::move(record);
    sweep();
    return {};
}

// Only the record on the disk decides what may go.
void History::sweep() {
    const auto text = files_.read(directory_ + kRecord);
    const auto record = text ? parse_record(*text) : std::nullopt;
    if (!record) return;
    for (const std::string& name : files_.names(directory_)) {
        const std::uint32_t number = number_of(name);
        if (number != 0 && !record->names(number)) files_.remove(directory_ + '/' + name);
    }
}

}  // namespace gateway::rollout
