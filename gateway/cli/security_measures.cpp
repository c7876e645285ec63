#include "gateway/cli/security_measures.hpp"

#include "gateway/cli/transport.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"
#include "gateway/status/words.hpp"

namespace gateway::cli {
namespace {

using language::tr;

std::string keys_measure(const settings::Settings& settings) {
    const std::string directory = settings.gateway.state_directory + "/keys";
    if (settings.privacy.keys == settings::KeyProtection::tpm2)
        return tr(
            "The keys of the pseudonyms and of the stored readings are in {0}, sealed to the TPM "
            "of this box (systemd-creds): a copy of them is of no use on another machine.",
            {directory}
        );
    if (settings.privacy.keys == settings::KeyProtection::wrapped)
        return tr(
            "The keys of the pseudonyms and of the stored readings are in {0}, each enciphered "
            "with a key that is kept elsewhere: who takes the card alone cannot read them, who is "
            "root on this running box can.",
            {directory}
        );
    return tr(
        "The keys of the pseudonyms and of the stored readings are files of mode 0600 in {0}, "
        "apart from the database: whoever is root on this box, or takes its card, can read them.",
        {directory}
    );
}

std::string buffer_measure(const settings::Buffer& buffer) {
    return tr(
        "Readings wait in {0}, at most {1}, readable by the service alone. They are encrypted "
        "(XChaCha20-Poly1305) with a key for each dataset and day, which is kept apart from this "
        "file and is destroyed when all that was stored on that day is gone. Not encrypted are the "
        "names of devices, as the rules have left them, and what a recipient has refused.",
        {buffer.path, status::bytes_words(buffer.size_max)}
    );
}

std::string source_measure(const settings::Source& source) {
    const Transport way = transport_of(source);
    std::string text = tr("Source {0} ({1}): {2}", {source.name, way.kind, protection_words(way)});
    if (!way.is_authenticated)
        text.append("; ").append(tr("the other side does not prove who it is"));
    return text + '.';
}

std::string uplink_measure(const settings::Uplink& uplink) {
    const Transport way = transport_of(uplink);
    return tr("Uplink {0} to {1}: {2}", {uplink.name, way.address, protection_words(way)}) + '.';
}

std::string status_measure(const settings::Status& status) {
    const auto address = settings::parse_listen(status.listen);
    const bool is_open = address && !settings::is_loopback(address->host);
    return is_open ? tr("The status page can be read by whoever reaches {0}; it shows counts, no "
                        "readings.",
                        {status.listen})
                   : std::string{tr("The status page can be reached from this machine alone; it "
                                    "shows counts, no readings.")};
}

// Empty: there is none beside those who are root.
std::string technicians_measure(const settings::Status& status) {
    if (status.group.empty()) return {};
    return tr(
        "On this machine members of the group {0} may change the configuration and follow readings "
        "as they are stored, under their stored names; the log has when somebody does. They may "
        "not ask for what belongs to an identity.",
        {status.group}
    );
}

std::string quarantine_measure(const settings::Quarantine& quarantine) {
    if (quarantine.officer_key.empty())
        return tr("Nothing is kept of a message that is refused but the count of its cause.");
    return tr(
        "Messages that are refused are kept for {0}, sealed with the officer's public key: "
        "nobody can read them on this box.",
        {status::duration_words(quarantine.retention.count())}
    );
}

}  // namespace

std::vector<std::string> security_measures(const settings::Settings& settings) {
    std::vector<std::string> measures{
        tr("The rules are applied in memory, before anything reaches the disk, the log or a "
           "recipient. A field without a rule does not pass and is counted."),
        keys_measure(settings),
        tr("The keys of the pseudonyms are independent of each other: when one is deleted, nobody "
           "can make or check the pseudonyms of its dataset and epoch any more. The gateway "
           "deletes none of them by itself."),
        buffer_measure(settings.buffer),
        tr("What is deleted is overwritten in the database file (SQLite secure_delete). An SD card "
           "or SSD may keep an old copy of a block where no program reaches it: only destroying "
           "the card, or an encrypted disk, is sure."),
        tr("Core dumps are forbidden, and the log holds no readings, names or payloads."),
        quarantine_measure(settings.privacy.quarantine),
        status_measure(settings.status)};
    if (auto technicians = technicians_measure(settings.status); !technicians.empty())
        measures.push_back(std::move(technicians));
    if (settings.privacy.strict)
        measures.emplace_back(
            tr("The gateway does not start with a configuration that keeps an "
               "identity or, without a consent, a fine grain ([privacy] "
               "strict).")
        );
    for (const auto& source : settings.sources) measures.push_back(source_measure(source));
    for (const auto& uplink : settings.uplinks) measures.push_back(uplink_measure(uplink));
    measures.emplace_back(
        tr("A reading is acknowledged when it is on the disk and deleted when "
           "every recipient has confirmed it; what is lost or refused is "
           "counted by cause.")
    );
    const auto& own = settings.record.security;
    measures.insert(measures.end(), own.begin(), own.end());
    return measures;
}

}  // namespace gateway::cli
