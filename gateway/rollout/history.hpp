#pragma once
#include "gateway/model/result.hpp"
#include "gateway/rollout/files.hpp"
#include "gateway/rollout/record.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::rollout {

// The configurations of one gateway, in a directory of its state:
//
//   record.json   the Record: the commit of every change is the replacement of this file
//   N.toml        the bytes of version N, as they were given
//   N.toml.sig    the signature of one that opens more
//
// A file is written and synced before the record names it, and removed once it no longer does. So a
// power cut, or a disk that is full, at any point leaves the record of before, or that of after,
// with every file that it names. A method that answers with an error has changed nothing.
// Blocks; one thread at a time.
class History {
  public:
    // `directory` need not be there. Nothing is read yet; the files outlive it.
    History(std::string directory, Files& files)
        : directory_(std::move(directory)), files_(files) {}

    // Where the history of a gateway is.
    static std::string directory_in(const std::string& state_directory) {
        return state_directory + "/configurations";
    }

    // Reads the record. One that is not there or cannot be understood is an empty one.
    void load();
    const Record& record() const { return record_; }
    // One was there that load() could not read or understand: with the next change it is gone.
    bool is_lost() const { return is_lost_; }

    struct Text {
        std::string text;
        std::string signature;  // empty: it has none
    };
    model::Result<Text> read(std::uint32_t number) const;
    // Where the bytes of a version are, with its signature beside it.
    std::string path_of(std::uint32_t number) const;

    // What to run after a start, and removes what a power cut has left. That it could not be
    // written down does not change what runs: the next start decides the same.
    Start::Runs start(const std::string& file_text, const std::string& reason);

    // `version` has neither number nor digest yet.
    model::Result<void> adopt(const Text& text, Version version);
    // None may be on trial, and one must be in force.
    model::Result<void> begin_trial(const Text& text, Version version);
    // One must be on trial. `file_text`: what the configuration file holds now.
    model::Result<void> confirm_trial(const std::string& file_text);
    // The trial is over even if this cannot be written down: then the next start finds it cut.
    model::Result<void> fail_trial(std::string reason, const std::string& file_text);

  private:
    model::Result<void> write(std::uint32_t number, const Text& text);
    model::Result<void> save(Record record);
    void sweep();

    std::string directory_;
    Files& files_;
    Record record_;
    bool is_lost_ = false;
};

}  // namespace gateway::rollout
