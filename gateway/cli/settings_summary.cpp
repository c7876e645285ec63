#include "gateway/cli/settings_summary.hpp"

#include "gateway/cli/recipient_words.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/rule_text.hpp"
#include "gateway/status/words.hpp"

namespace gateway::cli {
namespace {

using language::tr;
using Align = TextTable::Align;

constexpr std::size_t kWidth = 80;

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) {
        if (part.empty()) continue;
        if (!text.empty()) text += ", ";
        text += part;
    }
    return text;
}

struct DriverWords {
    std::vector<std::string> operator()(const settings::MqttClient& mqtt) const {
        return {"mqtt", mqtt.url};
    }
    std::vector<std::string> operator()(const settings::MqttListener& listener) const {
        const std::string secure =
            listener.listen_secure.empty() ? std::string{} : listener.listen_secure + " (TLS)";
        return {"mqtt-listener", joined({listener.listen, secure})};
    }
    std::vector<std::string> operator()(const settings::CoapServer& coap) const {
        const std::string secure =
            coap.listen_secure.empty() ? std::string{} : coap.listen_secure + " (DTLS)";
        return {"coap", joined({coap.listen, secure})};
    }
    std::vector<std::string> operator()(const settings::SerialPort& port) const {
        const std::string rate = tr("{0} baud", {std::to_string(port.baud)});
        return {"serial", joined({port.device, rate, port.bus ? tr("bus") : ""})};
    }
    std::vector<std::string> operator()(const settings::Simulator& simulator) const {
        return {"simulator", tr("{0} devices", {std::to_string(simulator.devices)})};
    }
    std::vector<std::string> operator()(const settings::Replay& replay) const {
        return {"replay", replay.file};
    }
};

struct UplinkWords {
    std::vector<std::string> operator()(const settings::HttpUplink& http) const {
        return {"http", http.url};
    }
    std::vector<std::string> operator()(const settings::MqttUplink& mqtt) const {
        return {"mqtt", mqtt.client.url};
    }
};

const char* full_words(settings::Buffer::Full full) {
    return full == settings::Buffer::Full::evict
               ? tr("when full: the oldest of the lowest priority goes first")
               : tr("when full: new readings are refused");
}

std::string gateway_section(const settings::Settings& settings) {
    TextTable table{{Align::left, Align::left}};
    table.add({tr("gateway"), joined({settings.gateway.id, settings.gateway.city})});
    table.add(
        {tr("buffer"),
         tr("at most {0} in {1}",
            {status::bytes_words(settings.buffer.size_max), settings.buffer.path})}
    );
    table.add({"", full_words(settings.buffer.full)});
    table.add({tr("status"), joined({settings.status.listen, settings.status.socket})});
    if (const std::string& group = settings.status.group; !group.empty())
        table.add({"", tr("controlled by members of the group {0}", {group})});
    return table.text();
}

std::string source_section(const std::vector<settings::Source>& sources) {
    TextTable table{{Align::left, Align::left, Align::left, Align::left}};
    table.add({tr("SOURCE"), tr("DRIVER"), tr("FORMAT"), tr("DATASET")});
    for (const auto& source : sources) {
        const auto driver = std::visit(DriverWords{}, source.driver);
        const std::string format = joined({source.format.name, source.format.payload});
        table.add({source.name, driver[0], format, source.dataset});
        table.add_note(driver[1]);
        for (const auto& topic : source.topics) table.add_note(topic);
    }
    return table.text();
}

// As it is written in the configuration.
std::string_view priority_word(settings::Priority priority) {
    switch (priority) {
        case settings::Priority::bulk:
            return "bulk";
        case settings::Priority::normal:
            break;
        case settings::Priority::alarm:
            return "alarm";
    }
    return "normal";
}

std::string dataset_section(const settings::Dataset& dataset) {
    TextTable table{{Align::left, Align::left}};
    table.add({tr("FIELD"), tr("RULE")});
    for (const auto& [field, rule] : dataset.fields) table.add({field, to_string(rule)});
    for (const char* always : {"time", "value"}) {
        if (!dataset.fields.contains(always)) table.add({always, "keep"});
    }
    table.add({tr("any other"), "drop"});
    const std::string title =
        tr("Dataset {0}: {1} ({2}), kept for {3} at most, priority {4}",
           {dataset.name,
            dataset.purpose,
            dataset.legal_basis,
            status::duration_words(dataset.retention.count()),
            priority_word(dataset.priority)});
    return wrapped("", title, kWidth) + table.text();
}

std::string contract_words(const settings::Contract& contract) {
    const std::string until =
        contract.until ? tr("until {0}", {model::to_rfc3339(*contract.until)}) : std::string{};
    const std::string terms =
        joined({contract.purpose, contract.legal_basis, contract.reference, until});
    return contract.dataset + ": " + (terms.empty() ? std::string{tr("under a contract")} : terms);
}

std::string uplink_section(const std::vector<settings::Uplink>& uplinks) {
    TextTable table{{Align::left, Align::left, Align::left}};
    table.add({tr("UPLINK"), tr("KIND"), tr("DATASETS")});
    for (const auto& uplink : uplinks) {
        const auto kind = std::visit(UplinkWords{}, uplink.kind);
        const std::string datasets =
            uplink.datasets.empty() ? std::string{tr("all")} : joined(uplink.datasets);
        table.add({uplink.name, kind[0], datasets});
        table.add_note(kind[1]);
        const std::string title = recipient_title(uplink);
        if (title != uplink.name || !uplink.country.empty())
            table.add_note(joined({title, uplink.country, uplink.transfer_ref}));
        for (const auto& contract : uplink.contracts) table.add_note(contract_words(contract));
    }
    return table.text();
}

}  // namespace

std::string settings_summary(const settings::Settings& settings) {
    std::string text = gateway_section(settings);
    if (!settings.sources.empty()) text += '\n' + source_section(settings.sources);
    for (const auto& dataset : settings.datasets) text += '\n' + dataset_section(dataset);
    if (!settings.uplinks.empty()) text += '\n' + uplink_section(settings.uplinks);
    return text;
}

}  // namespace gateway::cli
