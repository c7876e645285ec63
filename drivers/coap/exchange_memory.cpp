#include "drivers/coap/exchange_memory.hpp"

#include <functional>

namespace drivers::coap {

namespace {

std::string key_of(const std::string& sender, std::uint16_t message_id) {
    std::string key = sender;
    key += static_cast<char>(message_id >> 8U);
    key += static_cast<char>(message_id & 0xffU);
    return key;
}

std::uint64_t fingerprint_of(const Request& request) {
    constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15ULL;
    const std::hash<std::string> hash;
    std::uint64_t print = request.code;
    for (const std::string* part : {&request.token, &request.path, &request.payload})
        print = print * kFactor + hash(*part);
    return request.block1 ? print * kFactor + request.block1->number : print;
}

}  // namespace

const ExchangeMemory::Exchange* ExchangeMemory::find_or_begin(
    const Request& request, Clock::time_point now
) {
    while (!exchanges_.empty() && now - exchanges_.front().since > kExchangeLifetime)
        forget_oldest();
    std::string key = key_of(request.sender, request.message_id);
    const std::uint64_t fingerprint = fingerprint_of(request);
    const auto known = by_key_.find(key);
    if (known != by_key_.end()) {
        if (known->second->fingerprint == fingerprint) return &*known->second;
        const auto replaced = known->second;
        by_key_.erase(known);
        exchanges_.erase(replaced);
    }
    if (exchanges_.size() == kExchangesMax) forget_oldest();
    Exchange begun;
    begun.key = std::move(key);
    begun.fingerprint = fingerprint;
    begun.since = now;
    const auto position = exchanges_.insert(exchanges_.end(), std::move(begun));
    by_key_.emplace(position->key, position);
    return nullptr;
}

void ExchangeMemory::answer(
    const std::string& sender, std::uint16_t message_id, const Answer& answer
) {
    const auto known = by_key_.find(key_of(sender, message_id));
    if (known != by_key_.end()) known->second->answer = answer;
}

void ExchangeMemory::forget_oldest() {
    by_key_.erase(exchanges_.front().key);
    exchanges_.pop_front();
}

}  // namespace drivers::coap
