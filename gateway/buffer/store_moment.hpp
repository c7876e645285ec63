#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace gateway::buffer {

// By what a store's files tell whether they were written to in between: who has read them between
// two equal moments has read what was committed at the first. New transactions go to the end of the
// log and do not count; a checkpoint changes the database, and a log that begins anew its header.
class StoreMoment {
  public:
    // The system stamps files this coarsely: a later write may leave the time of an earlier one.
    static constexpr std::chrono::milliseconds kStampMax{20};

    // Now. All zero where there is no file.
    explicit StoreMoment(const std::string& path);

    // Whether a later write to the database would show.
    bool is_settled() const { return is_settled_; }

    bool operator==(const StoreMoment& other) const {
        return file_ == other.file_ && log_header_ == other.log_header_;
    }

  private:
    struct File {
        std::uint64_t device = 0;
        std::uint64_t number = 0;
        std::int64_t size = 0;
        std::chrono::nanoseconds written{};

        bool operator==(const File&) const = default;
    };

    File file_;
    std::array<std::byte, 32> log_header_{};
    bool is_settled_ = true;
};

}  // namespace gateway::buffer
