#pragma once
#include "gateway/model/time.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::quarantine {

// Sealed records on the disk: a directory, mode 0700, of files "<number>.sealed", mode 0600, each
// of envelopes behind each other. Bounded in bytes, the oldest file goes first; and in age, no
// record is kept longer than the retention, some a sixteenth of it less. A record whose time was
// not known counts from when the date was known next. Blocks; belongs to one thread.
class Ring {
  public:
    // A file is closed when it is past its share of the bytes or of the retention.
    static constexpr unsigned kShares = 16;

    struct Figures {
        std::uint64_t records = 0, bytes = 0;  // on the disk now
        std::uint64_t evicted = 0;             // records that went to make room
        std::uint64_t expired = 0;             // records past their retention
        std::uint64_t damaged = 0;             // stretches of files that were no whole record
    };

    Ring(std::string directory, std::uint64_t size_max, std::chrono::seconds retention);

    // Makes the directory and counts what is in it; what a power cut left behind the last whole
    // record is cut off. A file that cannot be read is damage, and stays as it is until it is the
    // oldest.
    boost::system::error_code open();

    // Adds envelopes, so many records of which the oldest is of `oldest` (kUndated: not known);
    // synced when it answers. They are not more than a quarter of the ring. An error: none of them
    // is there.
    boost::system::error_code append(
        std::string_view envelopes, std::uint64_t records, model::Instant oldest
    );

    // Removes what is past its retention. `now` is the date.
    void expire(model::Instant now);

    const Figures& figures() const { return figures_; }

  private:
    struct File {
        std::uint64_t number = 0;
        std::uint64_t bytes = 0;
        std::uint64_t records = 0;
        model::Instant oldest{};
        bool is_readable = true;
    };

    std::string path_of(const File& file) const;
    File read(std::uint64_t number);
    File unreadable(std::uint64_t number);
    bool is_open(const File& file, std::size_t more, model::Instant oldest) const;
    boost::system::error_code write(const File& file, std::string_view envelopes) const;
    boost::system::error_code sync_directory() const;
    void remove_oldest();
    void date(model::Instant now);

    std::string directory_;
    std::uint64_t size_max_;
    std::chrono::seconds retention_;
    std::deque<File> files_;  // by number: the oldest first
    Figures figures_;
};

}  // namespace gateway::quarantine
