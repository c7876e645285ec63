#pragma once
#include "gateway/anonymise/key_wrap.hpp"
#include "gateway/model/result.hpp"
#include "gateway/settings/settings.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace gateway {

// What seals the wrapping key to the machine (keys = "tpm2"): systemd-creds(1), or what a test has
// in its place.
struct SealingProgram {
    std::string path = "/usr/bin/systemd-creds";
    std::chrono::milliseconds limit{30'000};  // a chip takes a second or two
};

// What the keys of pseudonyms and windows are enciphered with on the disk; null with keys = "file".
// With keys = "tpm2" it is made at random on the first start and kept, sealed, at
// <state_directory>/keys/wrapping.cred: the chip is asked at each start, and never while readings
// wait. An error is what to tell the operator. Blocks.
using KeyWrapResult = model::Result<std::unique_ptr<anonymise::KeyWrap>, std::string>;
KeyWrapResult make_key_wrap(const settings::Settings& settings, const SealingProgram& program = {});

}  // namespace gateway
