#pragma once
#include "gateway/buffer/erasure.hpp"

#include <string>
#include <string_view>

namespace gateway::subject {

// Appends what is stored of a person as one line of JSON, always with the same bytes: it is what an
// export holds, and what the SHA-256 of a certificate is of.
//   {"dataset","sequence","device","quantity","value","unit","time","time_quality","attributes"}
// and of a dead letter also "refused_by" (the uplink) and "cause".
void append_canonical_line(
    std::string& out, std::string_view dataset, const buffer::PersonRow& row
);

}  // namespace gateway::subject
