#pragma once
#include "gateway/settings/settings.hpp"

namespace gateway {

// What buffer and pipeline are made of while `trial` runs and `good` is in force: `trial` (with its
// sums, see with_sums()), and behind it everything of `good` that the buffer would otherwise give
// up, so that after a return each recipient goes on where it was. Uplinks keep their queues,
// datasets their readings; nothing leaves the buffer for its age or its size that `good` would
// keep.
settings::Settings kept_through_trial(settings::Settings trial, const settings::Settings& good);

}  // namespace gateway
