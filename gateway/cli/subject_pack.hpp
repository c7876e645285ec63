#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/sealing/sealed_box.hpp"

#include <optional>
#include <string>

namespace gateway::cli {

// A person's own pair of keys, on a machine of theirs: the private one goes to a new file, the
// public one, in the form of gateway/sealing/typed_key.hpp, to context.out. The exit status.
int make_holder_keys(const std::string& key_file, CommandContext& context);

// What seals for the public key that is told, which is its text or the name of a file with it.
// Nothing, after saying why and setting the exit status, when it is neither.
std::optional<sealing::Seal> read_seal(const std::string& told, CommandContext& context);

struct PackOrder {
    std::string pack;
    std::string key_file;
    std::string directory = ".";
};

// Writes what is in a pack into new files of a directory, as an export that is not sealed does. It
// asks no gateway and reads no configuration. In memory there is a block (sealing::kBlockBytes) at
// a time, which is wiped. The exit status: kExitNotOpened for another key and for what is damaged,
// kExitUnavailable for what cannot be read or written; no file is left then.
int open_pack(const PackOrder& order, CommandContext& context);

}  // namespace gateway::cli
