#pragma once
#include "gateway/buffer/notice.hpp"
#include "gateway/observe/problems.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/system/error_code.hpp>

#include <span>
#include <string>

namespace gateway {

// Raises what the opening of the buffer had to say. It stays until the next start.
void raise_store_problems(std::span<const buffer::Notice> notices, observe::Problems& problems);

// Why the buffer cannot be opened, and what to do.
std::string unusable_store_words(
    const settings::Settings& settings, const boost::system::error_code& why
);

}  // namespace gateway
