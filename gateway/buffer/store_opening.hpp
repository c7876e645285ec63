#pragma once
#include "gateway/buffer/notice.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/model/result.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/settings/settings.hpp"

#include <memory>
#include <string>
#include <vector>

namespace gateway::buffer {

struct OpenedStore {
    std::unique_ptr<SqliteStore> store;
    std::vector<Notice> notices;
};

// Opens the store of the settings, and makes it when there is none. A damaged one is replaced by
// what can be read of it, and kept aside (see move_damaged_aside); a power cut on the way makes
// the next opening begin that again, or end it. Only what another opening may not have either is
// an error: Errc::in_use, Errc::newer_schema, a disk that fails or is full. A damaged store then
// stays where it is, with all that can be read of it. `vfs` and `keys` as for SqliteStore::open.
model::Result<OpenedStore> open_store(
    const settings::Settings& settings,
    const runtime::WallClock& clock,
    const std::string& vfs = {},
    const NoticeSink& on_notice = {},
    anonymise::KeyRing* keys = nullptr
);

}  // namespace gateway::buffer
