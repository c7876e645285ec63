#pragma once
#include "gateway/cli/version_command.hpp"

namespace gateway {

// The schemas of this program and the libraries that it runs with, which a distribution corrects
// without it.
cli::ProgramParts program_parts();

}  // namespace gateway
