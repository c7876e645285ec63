#pragma once
#include "gateway/ingest/topic_pattern.hpp"
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::ingest {

// Which identity may publish what. Identities are compared letter by letter: a '+' or
// a '#' in one matches nothing (CVE-2017-7650). On the reactor.
class Access {
  public:
    // `topics` are the source's. Without entries a device publishes under the topics in which its
    // identity stands for {device}; with entries, what those say instead.
    Access(const std::vector<std::string>& topics, const std::vector<settings::Access>& entries);

    enum class Leave : std::uint8_t {
        none,
        own_device,  // readings of the device that has the identity's name
        any_device,  // an entry says so, by a pattern without {device}
    };

    // What an identity may publish under a topic. It is empty for a device that did not say who it
    // is, which may publish what the source takes.
    Leave leave_of(std::string_view identity, std::string_view topic);

  private:
    struct Grant {
        std::string identity;  // or its beginning, where `begins` is true
        bool begins = false;
        bool is_explicit = false;  // an entry of the operator, not the source's topics
        std::vector<TopicPattern> topics;
    };

    Leave leave_by(const Grant& grant, std::string_view identity, std::string_view topic);

    std::vector<Grant> grants_;
    std::vector<NamedLevel> levels_;  // reused from call to call
};

}  // namespace gateway::ingest
