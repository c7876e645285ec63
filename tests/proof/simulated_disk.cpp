#include "simulated_disk.hpp"

#include <algorithm>

namespace tests::proof {
namespace {

void make_change(const SimulatedFile::Change& change, std::string& content) {
    if (change.truncates) {
        content.resize(change.offset);
        return;
    }
    content.resize(std::max<std::size_t>(content.size(), change.offset + change.bytes.size()));
    content.replace(change.offset, change.bytes.size(), change.bytes);
}

// Some of the sectors that the write touches.
void make_torn_change(
    const SimulatedFile::Change& change, std::string& content, std::mt19937& random
) {
    const std::uint64_t end = change.offset + change.bytes.size();
    for (std::uint64_t at = change.offset; at < end;) {
        const std::uint64_t sector = at / SimulatedDisk::kSectorBytes;
        const std::uint64_t next = std::min(end, (sector + 1) * SimulatedDisk::kSectorBytes);
        const auto bytes = change.bytes.substr(at - change.offset, next - at);
        if (random() % 2 == 0) make_change({at, bytes, false}, content);
        at = next;
    }
}

// Which of so many unsynced changes stay.
class Choice {
  public:
    Choice(std::size_t changes, std::mt19937& random)
        : random_(random), kind_(random() % 4), prefix_(random() % (changes + 1)) {}

    bool keeps(std::size_t position) {
        switch (kind_) {
            case 0:
                return false;
            case 1:
                return position < prefix_;
            case 2:
                return random_() % 2 == 0;
            default:
                return true;
        }
    }
    bool tears() { return random_() % 4 == 0; }

  private:
    std::mt19937& random_;
    std::size_t kind_;
    std::size_t prefix_;
};

std::string surviving(const SimulatedFile& file, std::mt19937& random) {
    std::string content = file.durable;
    Choice choice(file.unsynced.size(), random);
    for (std::size_t i = 0; i < file.unsynced.size(); ++i) {
        const auto& change = file.unsynced[i];
        if (!choice.keeps(i)) continue;
        if (!change.truncates && choice.tears()) {
            make_torn_change(change, content, random);
        } else {
            make_change(change, content);
        }
    }
    return content;
}

}  // namespace

SimulatedDisk::File SimulatedDisk::find(const std::string& path) const {
    const auto found = seen_names_.find(path);
    return found == seen_names_.end() ? nullptr : found->second;
}

void SimulatedDisk::fail(DiskFault fault) {
    fault_ = fault;
    fault_calls_ = 0;
    failures_ = 0;
    sync_failed_ = false;
    syncs_after_failed_sync_ = 0;
}

bool SimulatedDisk::fits_fault(Call call) const {
    switch (fault_.kind) {
        case DiskFault::Kind::none:
            return false;
        case DiskFault::Kind::io_error:
            return true;
        case DiskFault::Kind::full:
            return call == Call::write || call == Call::resize || call == Call::name;
        case DiskFault::Kind::short_write:
            return call == Call::write;
        case DiskFault::Kind::sync_error:
            return call == Call::sync;
    }
    return false;
}

// Done: the call takes effect. Otherwise it has none, or what its kind of failure leaves.
Outcome SimulatedDisk::begin(Call call) {
    if (!powered_) return Outcome::failed;
    if (sync_failed_ && call == Call::sync) ++syncs_after_failed_sync_;
    if (call != Call::read && calls_until_cut_ && (*calls_until_cut_)-- <= 1) {
        calls_until_cut_.reset();
        powered_ = false;
        return Outcome::failed;
    }
    if (!fits_fault(call)) return Outcome::done;
    ++fault_calls_;
    const bool now = fault_calls_ == fault_.call || (fault_.lasts && fault_calls_ > fault_.call);
    if (!now) return Outcome::done;
    ++failures_;
    if (fault_.kind == DiskFault::Kind::full) return Outcome::full;
    if (fault_.kind == DiskFault::Kind::short_write) return Outcome::cut_short;
    return Outcome::failed;
}

void SimulatedDisk::change(NameChange names) {
    for (const auto& [name, file] : names) {
        if (file) {
            seen_names_[name] = file;
        } else {
            seen_names_.erase(name);
        }
    }
    unsynced_names_.push_back(std::move(names));
}

Outcome SimulatedDisk::create(const std::string& path) {
    const auto outcome = begin(Call::name);
    if (outcome == Outcome::done || !powered_)
        change({std::pair(path, std::make_shared<SimulatedFile>())});
    return outcome;
}

Outcome SimulatedDisk::read(const SimulatedFile& file, std::uint64_t offset, std::span<char> into) {
    const auto outcome = begin(Call::read);
    if (outcome != Outcome::done) return outcome;
    std::fill(into.begin(), into.end(), '\0');
    if (offset >= file.seen.size()) return Outcome::cut_short;
    const std::size_t size = std::min(into.size(), file.seen.size() - offset);
    std::copy_n(file.seen.begin() + static_cast<std::ptrdiff_t>(offset), size, into.begin());
    return size == into.size() ? Outcome::done : Outcome::cut_short;
}

Outcome SimulatedDisk::write(SimulatedFile& file, std::uint64_t offset, std::string_view bytes) {
    const bool was_powered = powered_;
    const auto outcome = begin(Call::write);
    if (outcome == Outcome::cut_short) bytes = bytes.substr(0, bytes.size() / 2);
    const bool leaves_something =
        outcome == Outcome::done || outcome == Outcome::cut_short || (was_powered && !powered_);
    if (!leaves_something) return outcome;
    SimulatedFile::Change written{offset, std::string(bytes), false};
    make_change(written, file.seen);
    file.unsynced.push_back(std::move(written));
    return outcome;
}

Outcome SimulatedDisk::resize(SimulatedFile& file, std::uint64_t bytes) {
    const auto outcome = begin(Call::resize);
    if (outcome != Outcome::done) return outcome;
    file.unsynced.push_back({bytes, {}, true});
    file.seen.resize(bytes);
    return outcome;
}

Outcome SimulatedDisk::sync(SimulatedFile& file) {
    const auto outcome = begin(Call::sync);
    if (outcome == Outcome::failed && powered_) {
        sync_failed_ = true;
        file.unsynced.clear();  // as Linux does: the pages count as clean from now on
    }
    if (outcome != Outcome::done || lies_) return outcome;
    for (const auto& change : file.unsynced) make_change(change, file.durable);
    file.unsynced.clear();
    return outcome;
}

Outcome SimulatedDisk::sync_names() {
    const auto outcome = begin(Call::sync);
    if (outcome == Outcome::failed && powered_) sync_failed_ = true;
    if (outcome != Outcome::done || lies_) return outcome;
    unsynced_names_.clear();
    durable_names_ = seen_names_;
    return outcome;
}

Outcome SimulatedDisk::remove(const std::string& path) {
    const auto outcome = begin(Call::name);
    if (outcome == Outcome::done || !powered_) change({std::pair(path, File())});
    return outcome;
}

Outcome SimulatedDisk::rename(const std::string& from, const std::string& to) {
    const auto outcome = begin(Call::name);
    if (outcome == Outcome::done || !powered_)
        change({std::pair(to, find(from)), std::pair(from, File())});
    return outcome;
}

DiskImage SimulatedDisk::seen() const {
    DiskImage image;
    for (const auto& [name, file] : seen_names_) image[name] = file->seen;
    return image;
}

DiskImage SimulatedDisk::survivors(std::mt19937& random) const {
    Names names = durable_names_;
    Choice choice(unsynced_names_.size(), random);
    for (std::size_t i = 0; i < unsynced_names_.size(); ++i) {
        if (!choice.keeps(i)) continue;
        for (const auto& [name, file] : unsynced_names_[i]) {
            if (file) {
                names[name] = file;
            } else {
                names.erase(name);
            }
        }
    }
    DiskImage image;
    for (const auto& [name, file] : names) image[name] = surviving(*file, random);
    return image;
}

void SimulatedDisk::start_with(const DiskImage& image) {
    powered_ = true;
    calls_until_cut_.reset();
    fail({});
    unsynced_names_.clear();
    seen_names_.clear();
    for (const auto& [name, content] : image) {
        auto file = std::make_shared<SimulatedFile>();
        file->seen = content;
        file->durable = content;
        seen_names_[name] = std::move(file);
    }
    durable_names_ = seen_names_;
}

}  // namespace tests::proof
