#include "gateway/doctor/named_files.hpp"

#include <algorithm>

namespace gateway::doctor {
namespace {

class Collection {
  public:
    void add(const std::string& of, const settings::HttpUplink& uplink) {
        add(uplink.bearer_token);
        add(uplink.password);
        add(of, uplink.tls);
    }
    void add(const std::string& of, const settings::MqttUplink& uplink) { add(of, uplink.client); }
    void add(const std::string& of, const settings::MqttClient& client) {
        add(client.password);
        add(of, client.tls);
    }
    void add(const std::string& of, const settings::MqttListener& listener) {
        add(listener.accounts);
        for (const auto& [identity, key] : listener.pre_shared_keys) add(key);
        add(of, listener.tls);
    }
    void add(const std::string& /*of*/, const settings::CoapServer& server) {
        for (const auto& [identity, key] : server.pre_shared_keys) add(key);
    }
    void add(const std::string& /*of*/, const settings::SerialPort& /*source*/) {}
    void add(const std::string& /*of*/, const settings::Simulator& /*source*/) {}
    void add(const std::string& /*of*/, const settings::Replay& /*source*/) {}

    void add(const std::optional<settings::Secret>& secret) {
        if (secret) add(*secret);
    }

    NamedFiles take() { return std::move(found_); }

  private:
    void add(const settings::Secret& secret) {
        auto& all = found_.secrets;
        if (std::find(all.begin(), all.end(), secret.file) == all.end()) all.push_back(secret.file);
    }
    void add(const std::string& of, const settings::Tls& tls) {
        const bool names_none =
            tls.certificate_file.empty() && tls.key_file.empty() && tls.ca_file.empty();
        if (!names_none)
            found_.tls.push_back({of, tls.certificate_file, tls.key_file, tls.ca_file});
    }

    NamedFiles found_;
};

}  // namespace

NamedFiles files_of(const settings::Settings& settings) {
    Collection collection;
    for (const auto& source : settings.sources)
        std::visit([&](const auto& driver) { collection.add(source.name, driver); }, source.driver);
    for (const auto& uplink : settings.uplinks)
        std::visit([&](const auto& kind) { collection.add(uplink.name, kind); }, uplink.kind);
    collection.add(settings.privacy.wrapping_key);
    return collection.take();
}

}  // namespace gateway::doctor
