#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/subject_channel.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `subject export|erase|restrict --dataset D [--field F]`: a person's rights, by the identity they
// present, which is read from standard input or --identity-file. Asks the running gateway over its
// unix socket, or opens the store of one that does not run.
//   export --into DIR                     everything stored: JSON lines, CSV, a page, a manifest
//   export --seal-to KEY --into DIR       all of it in one file, for the holder of the key alone
//   erase --into DIR [--two-step]         destroys it; the certificate in French and in English
//   erase --prepare --into DIR            the first of two steps: what would be destroyed
//   erase --confirm SHA256 --into DIR     the second: destroys exactly that
//   restrict [--lift] [--reference REF]   from now on nothing of the person is stored
// And two for the person, wherever they are; they need neither gateway nor configuration:
//   keygen FILE                           makes their pair of keys
//   open PACK --key FILE [--into DIR]     writes what was sealed for them
void add_subject_command(CLI::App& app, CommandContext& context, OpenLocalDesk open_local);

}  // namespace gateway::cli
