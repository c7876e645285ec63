#include "gateway/buffer/segment_keys.hpp"

#include "gateway/buffer/error.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

namespace gateway::buffer {
namespace {

std::int64_t day_of(model::Instant time) {
    return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

}  // namespace

std::string SegmentKeys::text_of(const Name& name) {
    return std::to_string(name.key.store)
        .append(".")
        .append(std::to_string(name.dataset))
        .append(".")
        .append(std::to_string(name.key.number));
}

std::optional<SegmentKeys::Name> SegmentKeys::name_of(const std::string& text) {
    std::array<std::uint64_t, 3> numbers{};
    const char* next = text.data();
    const char* end = next + text.size();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (i > 0 && (next == end || *next++ != '.')) return std::nullopt;
        const auto read = std::from_chars(next, end, numbers[i]);
        if (read.ec != std::errc{}) return std::nullopt;
        next = read.ptr;
    }
    if (next != end) return std::nullopt;
    return Name{numbers[1], SegmentKey{numbers[0], numbers[2]}};
}

std::optional<SegmentKey> SegmentKeys::of_day(std::uint64_t dataset, model::Instant now) const {
    const auto found = today_.find(dataset);
    if (found == today_.end() || found->second.day != day_of(now)) return std::nullopt;
    return SegmentKey{store_, found->second.number};
}

void SegmentKeys::use(std::uint64_t dataset, const SegmentKey& key, model::Instant now) {
    today_[dataset] = Today{key.number, day_of(now)};
}

// A transaction that made a key may have been undone, and its sequences be given again: the ring
// knows which numbers are taken.
model::Result<std::uint64_t> SegmentKeys::highest_number(std::uint64_t dataset) const {
    const auto names =
        ring_->names(std::to_string(store_).append(".").append(std::to_string(dataset)) + ".");
    if (!names) return names.error();
    std::uint64_t highest = 0;
    for (const std::string& text : *names) {
        if (const auto name = name_of(text)) highest = std::max(highest, name->key.number);
    }
    return highest;
}

model::Result<SegmentKey> SegmentKeys::renew(
    std::uint64_t dataset, std::uint64_t first_sequence, model::Instant now
) {
    const auto highest = highest_number(dataset);
    if (!highest) return highest.error();
    const SegmentKey key{store_, std::max(first_sequence, *highest + 1)};
    const Name name{dataset, key};
    auto made = ring_->make(text_of(name));
    if (!made && made.error() == boost::system::errc::no_space_on_device) return Errc::full;
    if (!made) return made.error();
    hold(name, std::move(*made));
    use(dataset, key, now);
    return key;
}

model::Result<const anonymise::Key*> SegmentKeys::find(
    std::uint64_t dataset, const SegmentKey& key
) {
    const Name name{dataset, key};
    const auto held =
        std::find_if(held_.begin(), held_.end(), [&](const Held& one) { return one.name == name; });
    if (held != held_.end()) {
        std::rotate(held_.begin(), held, held + 1);
        return &held_.front().key;
    }
    const anonymise::Key* none = nullptr;
    if (!seals()) return none;
    auto found = ring_->find(text_of(name));
    if (!found && !is_lost(text_of(name), found.error())) return found.error();
    if (!found || !*found) return none;
    return hold(name, std::move(**found));
}

// One file that a worn card no longer gives back must not stop the gateway; but where no key can be
// read, the ring is not the right one, or the key that it is wrapped with.
bool SegmentKeys::is_lost(const std::string& text, const boost::system::error_code& why) const {
    if (why == boost::system::errc::io_error) return true;
    const auto names = ring_->names(std::to_string(store_).append("."));
    if (!names) return false;
    return std::any_of(names->begin(), names->end(), [&](const std::string& other) {
        if (other == text) return false;
        const auto found = ring_->find(other);
        return found && *found;
    });
}

model::Result<bool> SegmentKeys::ring_is_missing() const {
    if (!seals()) return false;
    const auto is_there = ring_->is_there();
    if (!is_there) return is_there.error();
    return !*is_there;
}

const anonymise::Key* SegmentKeys::hold(const Name& name, anonymise::Key key) {
    std::erase_if(held_, [&](const Held& one) { return one.name == name; });
    held_.push_front(Held{name, std::move(key)});
    if (held_.size() > kHeldMax) held_.pop_back();
    return &held_.front().key;
}

bool SegmentKeys::is_spent(const Name& name, const Oldest& oldest) const {
    if (!is_own(name.key)) return false;
    const auto today = today_.find(name.dataset);
    if (today != today_.end() && name.key.number >= today->second.number) return false;
    const auto needed = oldest.find(name.dataset);
    if (needed == oldest.end()) return true;
    return is_own(needed->second) && name.key.number < needed->second.number;
}

model::Result<std::size_t> SegmentKeys::destroy_spent(const Oldest& oldest, model::Instant now) {
    std::size_t left = 0;
    if (!seals()) return left;
    std::erase_if(today_, [&](const auto& entry) { return entry.second.day != day_of(now); });
    const auto names = ring_->names(std::to_string(store_).append("."));
    if (!names) return names.error();
    for (const std::string& text : *names) {
        const auto name = name_of(text);
        if (!name || !is_spent(*name, oldest)) continue;
        std::erase_if(held_, [&](const Held& one) { return one.name == *name; });
        if (!ring_->destroy(text)) ++left;
    }
    return left;
}

model::Result<void> SegmentKeys::destroy_foreign(model::Instant before) {
    if (!seals()) return {};
    const auto names = ring_->names("");
    if (!names) return names.error();
    for (const std::string& text : *names) {
        const auto name = name_of(text);
        if (!name || is_own(name->key)) continue;
        const auto made = ring_->made_at(text);
        if (made && *made < before) [[maybe_unused]]
            const auto destroyed = ring_->destroy(text);  // or the next time
    }
    return {};
}

}  // namespace gateway::buffer
