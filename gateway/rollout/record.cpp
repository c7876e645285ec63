#include "gateway/rollout/record.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::rollout {
namespace {

void put_in_force(Record& record, Version version) {
    record.good.push_back(std::move(version));
    if (record.good.size() > Record::kGoodMax) record.good.erase(record.good.begin());
}

}  // namespace

bool Record::names(std::uint32_t number) const {
    return find_good(number) != nullptr || (trial && trial->number == number);
}

const Version* Record::find_good(std::uint32_t number) const {
    const auto found = std::find_if(good.begin(), good.end(), [number](const Version& version) {
        return version.number == number;
    });
    return found == good.end() ? nullptr : &*found;
}

std::string digest_of(std::string_view bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(
        digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()
    );
    std::array<char, crypto_hash_sha256_BYTES * 2 + 1> digits{};
    sodium_bin2hex(digits.data(), digits.size(), digest.data(), digest.size());
    return digits.data();
}

Start at_start(Record record, const std::string& file_digest, const std::string& reason) {
    if (record.trial) record = with_trial_failed(std::move(record), reason, file_digest);
    const bool is_in_force = !record.good.empty() && record.good.back().digest == file_digest;
    const bool is_passed_over =
        !is_in_force && !record.good.empty() && record.passed_over == file_digest;
    if (!is_passed_over) record.passed_over.clear();
    return {is_passed_over ? Start::Runs::good : Start::Runs::file, std::move(record)};
}

Record with_trial(Record record, Version version) {
    version.number = ++record.number_last;
    record.trial = std::move(version);
    record.failure.reset();
    return record;
}

Record with_trial_confirmed(Record record, const std::string& file_digest) {
    const bool is_in_file = record.trial->digest == file_digest;
    record.passed_over = is_in_file ? std::string{} : file_digest;
    put_in_force(record, *std::exchange(record.trial, std::nullopt));
    return record;
}

Record with_trial_failed(Record record, std::string reason, const std::string& file_digest) {
    const bool is_in_file = record.trial->digest == file_digest;
    if (is_in_file) record.passed_over = file_digest;
    record.failure = Failure{*std::exchange(record.trial, std::nullopt), std::move(reason)};
    return record;
}

Record with_adopted(Record record, Version version) {
    version.number = ++record.number_last;
    record.passed_over.clear();
    put_in_force(record, std::move(version));
    return record;
}

}  // namespace gateway::rollout
