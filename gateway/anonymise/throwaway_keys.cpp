#include "gateway/anonymise/throwaway_keys.hpp"

#include <openssl/rand.h>

namespace gateway::anonymise {

model::Result<Key> ThrowawayKeys::key(std::string_view) {
    Key key;
    if (RAND_priv_bytes(key.bytes().data(), static_cast<int>(Key::kBytes)) != 1)
        return boost::system::errc::make_error_code(boost::system::errc::io_error);
    return key;
}

model::Result<std::optional<Key>> ThrowawayKeys::find(std::string_view) {
    return std::optional<Key>{};
}

}  // namespace gateway::anonymise
