#include "queue_book.hpp"

#include <array>

namespace firmware_bridge::test {

std::string QueueBook::peek(std::uint32_t sequence) const {
    std::array<std::uint8_t, PD_RECORD_BYTES_MAX> record{};
    const std::size_t size = queue_.calls->peek(&queue_, sequence, record.data());
    return {record.begin(), record.begin() + static_cast<std::ptrdiff_t>(size)};
}

void QueueBook::step(std::mt19937& random) {
    if (random() % 3 != 0) return push(random);
    const std::uint32_t waiting = queue_.next - queue_.first;
    const auto most = static_cast<std::uint32_t>(random() % 10);
    drop(queue_.first + (most < waiting ? most : waiting));
}

void QueueBook::push(std::mt19937& random) {
    Message message;
    message.record.resize(1 + random() % (random() % 4 == 0 ? PD_RECORD_BYTES_MAX : 40));
    for (char& byte : message.record) byte = static_cast<char>(random());
    message.readings = static_cast<std::uint8_t>(1 + random() % 7);
    pending_ = message;
    pending_sequence_ = queue_.next;
    const auto* const record = reinterpret_cast<const std::uint8_t*>(message.record.data());
    const auto result =
        queue_.calls->push(&queue_, record, message.record.size(), message.readings);
    if (result != PD_OK) return;
    messages_[pending_sequence_] = message;
    given_[pending_sequence_] = message;
    pending_sequence_ = 0;
    ++pushed_;
}

void QueueBook::drop(std::uint32_t sequence) {
    messages_.erase(messages_.begin(), messages_.lower_bound(sequence));
    dropped_ = std::max(dropped_, sequence);
    queue_.calls->drop_below(&queue_, sequence, 0);
}

int QueueBook::broken() {
    int broken = 0;
    std::uint32_t unreadable = 0;
    for (auto each = messages_.begin(); each != messages_.end();) {
        const auto& [sequence, message] = *each;
        const bool there = sequence >= queue_.first && sequence < queue_.next;
        const std::string record = there ? peek(sequence) : std::string{};
        if (there && record == message.record) {
            ++each;
            continue;
        }
        broken += !record.empty();  // another message under its number
        broken += sequence >= queue_.next;
        unreadable += there;
        gone_min_ += !there;
        gone_max_ += there ? 0u : message.readings;
        each = there ? std::next(each) : messages_.erase(each);
    }
    broken += queue_.lost < gone_min_;
    broken += queue_.lost > gone_max_ + unreadable + 7;  // or one that was being written
    for (std::uint32_t sequence = queue_.first; sequence < queue_.next; ++sequence) {
        const std::string record = peek(sequence);
        if (record.empty()) continue;
        const auto given = given_.find(sequence);
        const bool is_given = given != given_.end() && record == given->second.record;
        broken += !is_given && !(sequence == pending_sequence_ && record == pending_.record);
    }
    return broken;
}

void QueueBook::reopened() {
    for (std::uint32_t sequence = queue_.first; sequence < queue_.next; ++sequence) {
        if (sequence == pending_sequence_) given_[sequence] = pending_;
        if (!peek(sequence).empty()) messages_[sequence] = given_[sequence];
    }
    pending_sequence_ = 0;
}

}  // namespace firmware_bridge::test
