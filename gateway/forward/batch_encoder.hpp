#pragma once
#include "gateway/buffer/batch.hpp"
#include "gateway/settings/settings.hpp"

#include <functional>
#include <map>
#include <string>

namespace gateway::forward {

// A batch as it goes over the wire, whatever the transport.
struct EncodedBatch {
    std::string id;  // Idempotency-Key: 32 hexadecimal digits
    const char* content_type = "";
    const char* content_encoding = "";  // empty: identity
    std::string body;
};

// Encodes the batches of one uplink. Deterministic: the same batch has the same id and the same
// bytes, in this run and the next; where another version or another contract would write other
// bytes, the id differs too. Thread-safe.
class BatchEncoder {
  public:
    BatchEncoder(const settings::Gateway& gateway, const settings::Uplink& uplink);

    EncodedBatch encode(const buffer::Batch& batch) const;

  private:
    std::string id_of(const buffer::Batch& batch) const;

    std::string gateway_;
    std::string uplink_;
    std::string recipient_;
    std::map<std::string, std::string, std::less<>> terms_;  // dataset -> its contract's rules
    settings::Encoding encoding_;
    settings::Compression compression_;
};

}  // namespace gateway::forward
