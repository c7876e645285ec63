#pragma once
#include "gateway/doctor/check.hpp"
#include "gateway/doctor/endpoint.hpp"
#include "gateway/doctor/visit.hpp"
#include "gateway/model/time.hpp"

namespace gateway::doctor {

// What a visit says of each step on the way to the endpoint: name, connection, certificate, answer.
// The steps behind the one that failed are skipped. `now` is the system clock.
Checks judge_visit(const Endpoint& endpoint, const Visit& visit, model::Instant now);

// Visits it, and judges.
Checks check_endpoint(const Endpoint& endpoint);

}  // namespace gateway::doctor
