#pragma once
#include "gateway/buffer/batch.hpp"

#include <string>
#include <string_view>

namespace gateway::forward {

// The batch as a passerelle.v1.Batch message (proto/passerelle/v1/batch.proto): column by column,
// values and times as differences within their series.
std::string encode_protobuf(
    const buffer::Batch& batch, std::string_view gateway, std::string_view id
);

}  // namespace gateway::forward
