#include "gateway/anonymise/throwaway_keys.hpp"

#include <openssl/rand.h>

#include <algorithm>

namespace gateway::anonymise {
namespace {

Key copy_of(const Key& key) {
    Key copy;
    std::copy(key.bytes().begin(), key.bytes().end(), copy.bytes().begin());
    return copy;
}

}  // namespace

model::Result<Key> ThrowawayKeys::key(std::string_view name) {
    if (const auto known = keys_.find(name); known != keys_.end()) return copy_of(known->second);
    Key key;
    if (RAND_priv_bytes(key.bytes().data(), static_cast<int>(Key::kBytes)) != 1)
        return boost::system::errc::make_error_code(boost::system::errc::io_error);
    if (keys_.size() >= kKeysMax) keys_.clear();
    keys_.emplace(std::string(name), copy_of(key));
    return key;
}

model::Result<std::optional<Key>> ThrowawayKeys::find(std::string_view name) {
    std::optional<Key> key;
    if (const auto known = keys_.find(name); known != keys_.end()) key = copy_of(known->second);
    return key;
}

}  // namespace gateway::anonymise
