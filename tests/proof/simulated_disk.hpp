#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tests::proof {

using DiskImage = std::map<std::string, std::string>;  // content of files by name

// A file of the disk: as the process sees it, and as a power cut leaves it.
struct SimulatedFile {
    struct Change {
        std::uint64_t offset;
        std::string bytes;
        bool truncates;
    };
    std::string seen;
    std::string durable;
    std::vector<Change> unsynced;
};

enum class Outcome { done, failed, full, cut_short };

// One fault, or all from one call on. Counted are the calls that can have this fault.
struct DiskFault {
    enum class Kind {
        none,
        io_error,     // any call
        full,         // a call that needs room
        short_write,  // half of the bytes are written, then there is no more room
        sync_error,   // what was not synced is lost, though the process still sees it
    };
    Kind kind = Kind::none;
    std::uint64_t call = 0;  // from 1
    bool lasts = false;
};

// A disk in memory that can lose its power, or fail. What was synced stays. Of what was not, each
// write may be there, not there, or there in some of its sectors; a name that was made, moved or
// removed since its directory was synced may still be as before. Power goes in the middle of a
// call, which then is one of those whose effect is open.
class SimulatedDisk {
  public:
    static constexpr std::size_t kSectorBytes = 512;

    explicit SimulatedDisk(std::string directory) : directory_(std::move(directory)) {}
    ~SimulatedDisk();
    SimulatedDisk(const SimulatedDisk&) = delete;
    SimulatedDisk& operator=(const SimulatedDisk&) = delete;

    using File = std::shared_ptr<SimulatedFile>;

    bool is_directory(const std::string& path) const { return path == directory_; }
    bool holds(const std::string& path) const { return path.starts_with(directory_ + "/"); }
    File find(const std::string& path) const;

    Outcome create(const std::string& path);
    Outcome read(const SimulatedFile& file, std::uint64_t offset, std::span<char> into);
    Outcome write(SimulatedFile& file, std::uint64_t offset, std::string_view bytes);
    Outcome resize(SimulatedFile& file, std::uint64_t bytes);
    Outcome sync(SimulatedFile& file);
    Outcome sync_names();
    Outcome remove(const std::string& path);
    Outcome rename(const std::string& from, const std::string& to);

    // The power goes in the n-th call from now that changes something.
    void cut_power_in(std::uint64_t calls) { calls_until_cut_ = calls; }
    bool powered() const { return powered_; }
    // What the process sees, and who comes after it when the power stays.
    DiskImage seen() const;
    // What is on the disk afterwards; some of many possibilities.
    DiskImage survivors(std::mt19937& random) const;
    // Power is back, and the disk holds this.
    void start_with(const DiskImage& image);

    void fail(DiskFault fault);
    std::uint64_t failures() const { return failures_; }
    // Syncs tried after one had failed.
    std::uint64_t syncs_after_failed_sync() const { return syncs_after_failed_sync_; }

    // It says that it has synced, and has not.
    void lie_about_syncs() { lies_ = true; }

    // Has SQLite fill the last sector of a commit, as on disks that may spoil what lies beside what
    // they write. It then may call a commit failed, for want of room, that is whole.
    void pad_log() { pads_log_ = true; }
    bool pads_log() const { return pads_log_; }

  private:
    enum class Call { read, write, resize, sync, name };
    using Names = std::map<std::string, File>;
    using NameChange = std::vector<std::pair<std::string, File>>;  // null: the name goes

    Outcome begin(Call call);
    bool fits_fault(Call call) const;
    void change(NameChange names);

    std::string directory_;
    Names seen_names_;
    Names durable_names_;
    std::vector<NameChange> unsynced_names_;
    std::optional<std::uint64_t> calls_until_cut_;
    bool powered_ = true;
    bool lies_ = false;
    bool pads_log_ = false;
    DiskFault fault_;
    std::uint64_t fault_calls_ = 0;
    std::uint64_t failures_ = 0;
    bool sync_failed_ = false;
    std::uint64_t syncs_after_failed_sync_ = 0;
};

// The disk that the SQLite VFS kSimulatedVfs and the intercepted system calls of this executable
// (open, read, write, fsync, rename ...) work on, while it lives. Registers the VFS.
void use(SimulatedDisk& disk);
SimulatedDisk* disk_in_use();
inline constexpr const char* kSimulatedVfs = "simulated-disk";

}  // namespace tests::proof
