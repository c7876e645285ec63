#pragma once
#include "gateway/model/frame.hpp"
#include "gateway/model/refusal.hpp"

#include <string_view>

namespace gateway::quarantine {

// Whether the frame of such a refusal is worth looking at: what came cannot be read, or may not be
// stored, and will not come again by itself. Not so what was too large to be held, what is stored
// already or need not be, what the sender keeps and sends again, and what a person does not let be
// stored.
constexpr bool is_kept(model::Refusal cause) {
    using model::Refusal;
    return !model::is_temporary(cause) && cause != Refusal::too_large &&
           cause != Refusal::duplicate && cause != Refusal::step_taken &&
           cause != Refusal::restricted && cause != Refusal::no_consent;
}

// Takes frames that were refused for good, with everything personal in them.
class Rejects {
  public:
    virtual ~Rejects() = default;
    // `source` is the name of the frame's. On the reactor; does not block. From here on nobody else
    // has the frame's bytes.
    virtual void hold(model::Frame frame, std::string_view source, model::Refusal cause) = 0;
};

}  // namespace gateway::quarantine
