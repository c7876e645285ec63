#pragma once
#include "gateway/buffer/store_audit.hpp"
#include "gateway/doctor/check.hpp"

namespace gateway {

// What an audit of the store says, in words, with what to do: a check for each thing that was
// looked at. What could not be looked at is a warning, and damage a failure.
doctor::Checks store_verdict(const buffer::Audit& audit, const std::string& path);

// Why a store cannot be looked at, and what to do.
std::string unreadable_store(const std::string& path, const boost::system::error_code& why);

}  // namespace gateway
