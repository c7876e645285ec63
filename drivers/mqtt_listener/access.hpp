#pragma once
#include "gateway/ingest/topic_pattern.hpp"
#include "gateway/settings/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace drivers::mqtt_listener {

// Which identity may publish and subscribe what. Identities are compared letter by letter: a '+' or
// a '#' in one matches nothing (CVE-2017-7650). On the reactor.
class Access {
  public:
    // `topics` are the source's. Without entries a device publishes under the topics in which its
    // identity stands for {device}; with entries, what those say instead.
    Access(
        const std::vector<std::string>& topics,
        const std::vector<gateway::settings::Access>& entries
    );

    // `identity` is empty for a device that did not say who it is, which may publish what the
    // source takes.
    bool may_publish(std::string_view identity, std::string_view topic);

    // A device subscribes to its own commands, passerelle/{device}/…, and to nothing else.
    static bool may_subscribe(std::string_view device, std::string_view filter);

  private:
    struct Grant {
        std::string identity;  // or its beginning, where `begins` is true
        bool begins = false;
        std::vector<gateway::ingest::TopicPattern> topics;
    };

    bool allows(const Grant& grant, std::string_view identity, std::string_view topic);

    std::vector<Grant> grants_;
    std::vector<gateway::ingest::NamedLevel> levels_;  // reused from call to call
};

}  // namespace drivers::mqtt_listener
