#include "gateway/ingest/duplicate_guard.hpp"

#include "gateway/runtime/wipe.hpp"

#include <sodium.h>

#include <algorithm>
#include <bit>

namespace gateway::ingest {
namespace {

template <class Number>
void append_number(std::string& text, Number number) {
    text.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void append_value(std::string& text, const model::Value& value) {
    text += static_cast<char>(value.index());
    if (const auto* number = std::get_if<model::Decimal>(&value)) {
        append_number(text, number->mantissa);
        append_number(text, number->exponent);
    } else if (const auto* flag = std::get_if<bool>(&value)) {
        text += *flag ? '1' : '0';
    }
}

}  // namespace

DuplicateGuard::DuplicateGuard(std::string_view key) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
    crypto_generichash(key_.data(), key_.size(), bytes, key.size(), nullptr, 0);
}

DuplicateGuard::Print DuplicateGuard::print_of(
    const model::Reading& reading, model::SourceId source
) {
    if (reading.time_quality != model::TimeQuality::device) return kNeverTheSame;
    append_number(text_, source);
    append_number(text_, reading.device.size());
    text_.append(reading.device).append(reading.quantity);
    append_number(text_, reading.observed_at.time_since_epoch().count());
    append_value(text_, reading.value);
    static_assert(kKeyBytes == crypto_shorthash_siphash24_KEYBYTES);
    const auto* bytes = reinterpret_cast<const unsigned char*>(text_.data());
    std::array<unsigned char, crypto_shorthash_siphash24_BYTES> hash{};
    crypto_shorthash_siphash24(hash.data(), bytes, text_.size(), key_.data());
    runtime::wipe(text_);
    const auto print = std::max<Print>(std::bit_cast<Print>(hash), kNeverTheSame + 1);
    __builtin_prefetch(&younger_[print % kSlots], 1);
    __builtin_prefetch(&older_[print % kSlots]);
    return print;
}

bool DuplicateGuard::is_repeated(Print print) {
    if (print == kNeverTheSame) return false;
    if (contains(younger_, print) || contains(older_, print)) return true;
    if (count_ == kRemembered) {
        std::swap(younger_, older_);
        std::fill(younger_.begin(), younger_.end(), kNeverTheSame);
        count_ = 0;
    }
    insert(younger_, print);
    ++count_;
    return false;
}

void DuplicateGuard::clear() {
    std::fill(younger_.begin(), younger_.end(), kNeverTheSame);
    std::fill(older_.begin(), older_.end(), kNeverTheSame);
    count_ = 0;
}

bool DuplicateGuard::contains(const Generation& generation, Print print) {
    for (std::size_t slot = print % kSlots; generation[slot] != kNeverTheSame;
         slot = (slot + 1) % kSlots) {
        if (generation[slot] == print) return true;
    }
    return false;
}

void DuplicateGuard::insert(Generation& generation, Print print) {
    std::size_t slot = print % kSlots;
    while (generation[slot] != kNeverTheSame) slot = (slot + 1) % kSlots;
    generation[slot] = print;
}

}  // namespace gateway::ingest
