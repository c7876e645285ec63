#pragma once
#include <chrono>
#include <cstdint>

namespace gateway::buffer {

// Paces commits so that the bytes they write, added up over a day, stay within a budget. What is
// not written saves up for a burst, kSavedMax of the budget at most; what was written too much is
// paid back by waiting before each commit, settings::Buffer::kLingerMax at most: with very little
// budget the bytes are as few as that allows, and no sender waits longer. Time comes in with the
// calls.
class FlashPace {
  public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::hours kSavedMax{1};
    static constexpr std::chrono::hours kOwedMax{24};  // of budget; what is beyond is forgiven

    FlashPace(std::uint64_t budget_per_day, Time now);

    // `bytes`: written since the last call.
    void note_written(std::uint64_t bytes, Time now);

    // How long the next commit should wait for company.
    std::chrono::milliseconds linger(Time now);

  private:
    void earn(Time now);

    double bytes_per_s_;
    double balance_;  // bytes that may be written at once; below 0: owed
    Time earned_at_;
};

}  // namespace gateway::buffer
