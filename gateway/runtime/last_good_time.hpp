#pragma once
#include "gateway/runtime/clock.hpp"

#include <boost/system/error_code.hpp>

#include <optional>
#include <string>

namespace gateway::runtime {

// What a run knew of the time, for the next one.
struct LastGoodTime {
    WallClock::Instant time{};  // it was not earlier than this
    std::string boot_id;
    WallClock::Instant began{};  // when that boot began, or before that
    bool is_known = false;       // the clock was trusted: `began` is right

    bool operator==(const LastGoodTime&) const = default;
};

// A LastGoodTime in a small file. Its one line is
// "passerelle-clock 1 <time> <boot id> <began> <known|bound> <CRC-32 of what precedes>", times in
// milliseconds since 1970.
class LastGoodTimeFile {
  public:
    explicit LastGoodTimeFile(std::string path) : path_(std::move(path)) {}

    const std::string& path() const { return path_; }

    // Nothing when there is no file, or it is damaged.
    std::optional<LastGoodTime> load() const;
    // On the disk when it answers; blocks.
    boost::system::error_code save(const LastGoodTime& time) const;

  private:
    std::string path_;
};

}  // namespace gateway::runtime
