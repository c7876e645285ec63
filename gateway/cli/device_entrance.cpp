#include "gateway/cli/device_entrance.hpp"

#include "gateway/cli/device_authority.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <variant>

namespace gateway::cli {
namespace {

bool is_same_file(const std::string& left, const std::string& right) {
    std::error_code ignored;
    return left == right || std::filesystem::equivalent(left, right, ignored);
}

std::string topic_of(const settings::Source& source) {
    const auto named =
        std::find_if(source.topics.begin(), source.topics.end(), [](const std::string& topic) {
            return topic.find("{device}") != std::string::npos;
        });
    if (named != source.topics.end()) return *named;
    return source.topics.empty() ? std::string{} : source.topics.front();
}

std::vector<std::string> names_in(const std::map<std::string, settings::Secret>& keys) {
    std::vector<std::string> names;
    names.reserve(keys.size());
    for (const auto& [name, secret] : keys) names.push_back(name);
    return names;
}

// The ways into one source.
class Ways {
  public:
    Ways(const settings::Source& source, std::vector<Entrance>& found)
        : source_(source), found_(found) {}

    Entrance& add(Proof proof, std::string scheme, std::string listen) {
        Entrance& entrance = found_.emplace_back();
        entrance.source = source_.name;
        entrance.proof = proof;
        entrance.scheme = std::move(scheme);
        entrance.listen = std::move(listen);
        entrance.topic = topic_of(source_);
        return entrance;
    }

    // Keys of a file, and those that have a file each.
    template <class Driver>
    void add_keys(const Driver& driver, const char* scheme) {
        if (driver.listen_secure.empty()) return;
        if (!driver.device_keys && driver.pre_shared_keys.empty()) return;
        Entrance& entrance = add(Proof::key, scheme, driver.listen_secure);
        if (driver.device_keys) entrance.file = driver.device_keys->file;
        entrance.configured = names_in(driver.pre_shared_keys);
    }

  private:
    const settings::Source& source_;
    std::vector<Entrance>& found_;
};

}  // namespace

std::string_view to_string(Proof proof) {
    switch (proof) {
        case Proof::password:
            return "password";
        case Proof::key:
            return "key";
        case Proof::certificate:
            return "certificate";
    }
    return {};
}

std::vector<Entrance> entrances_of(const settings::Settings& settings) {
    const DeviceAuthority authority(settings.gateway.state_directory);
    std::vector<Entrance> found;
    for (const settings::Source& source : settings.sources) {
        Ways ways(source, found);
        if (const auto* coap = std::get_if<settings::CoapServer>(&source.driver))
            ways.add_keys(*coap, "coaps");
        const auto* listener = std::get_if<settings::MqttListener>(&source.driver);
        if (listener == nullptr) continue;
        const bool is_secure = !listener->listen_secure.empty();
        if (listener->accounts) {
            Entrance& entrance = ways.add(
                Proof::password,
                is_secure ? "mqtts" : "mqtt",
                is_secure ? listener->listen_secure : listener->listen
            );
            entrance.file = listener->accounts->file;
        }
        ways.add_keys(*listener, "mqtts");
        if (is_secure && is_same_file(listener->tls.ca_file, authority.certificate_file()))
            ways.add(Proof::certificate, "mqtts", listener->listen_secure);
    }
    return found;
}

}  // namespace gateway::cli
