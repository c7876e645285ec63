#include "gateway/cli/store_inventory.hpp"

#include "gateway/model/message.hpp"
#include "gateway/settings/settings.hpp"

#include <array>
#include <utility>

namespace gateway::cli {
namespace {

using model::translatable;

constexpr std::array kAdded = {
    AddedField{"gateway", translatable("which box it is")},
    AddedField{"dataset", translatable("which dataset the readings belong to")},
    AddedField{
        "batch", translatable("the key of a delivery, by which it is known when it comes again")},
    AddedField{"first_sequence", translatable("the number of a delivery's first reading")},
    AddedField{"last_sequence", translatable("the number of a delivery's last reading")},
    AddedField{"readings", translatable("the readings of a delivery")},
    AddedField{"sequence", translatable("the number of a reading, in the order of arrival")},
    AddedField{"quantity", translatable("what was measured")},
    AddedField{"unit", translatable("the unit of the value")},
    AddedField{"time_quality", translatable("which clock the time is from")},
    AddedField{"attributes", translatable("the dataset's other fields")},
    AddedField{"gaps", translatable("how many readings are missing, from when to when, and why")},
    AddedField{
        "erasures", translatable("whose readings the recipient must erase, by their names")}};

std::vector<StoredTable> tables_of_readings() {
    return {
        {"dataset", {"id", "name"}, translatable("the datasets' names")},
        {"segment",
         {"key", "count", "stored_at", "observed_from", "device_base", "body"},
         translatable("the readings, compressed and encrypted, and when they were stored")},
        {"device",
         {"id", "name"},
         translatable("the devices, by the names that the rules have left")},
        {"ledger",
         {"uplink", "counter", "count"},
         translatable("how many readings were received, refused, delivered or lost; the "
                      "database's random number")},
        {"cursor",
         {"uplink", "dataset", "next_sequence", "open_last"},
         translatable("how far each recipient has confirmed")},
        {"dead_letter",
         {"id",
          "uplink",
          "dataset",
          "buried_at",
          "cause",
          "sequence",
          "device",
          "quantity",
          "unit",
          "mantissa",
          "exponent",
          "observed_at",
          "time_quality",
          "attributes"},
         translatable("readings that a recipient has refused, as the rules have left them")}};
}

// What the buffer knows of devices, recipients and requests.
std::vector<StoredTable> tables_of_state() {
    return {
        {"session_mark",
         {"session", "packet_id", "used_at"},
         translatable("messages whose delivery a device has not concluded, by a keyed fingerprint "
                      "of its session")},
        {"boot",
         {"first_sequence", "boot_id", "began", "state"},
         translatable("when this box was started, to date readings that waited for the clock")},
        {"backlog",
         {"uplink", "dataset", "next_sequence", "end_sequence", "open_last"},
         translatable("what waits since an outage of a recipient")},
        {"gap",
         {"uplink",
          "dataset",
          "position",
          "cause",
          "first_sequence",
          "last_sequence",
          "count",
          "observed_from",
          "observed_to",
          "sent_by"},
         translatable("losses that a recipient has still to be told")},
        {"erasure",
         {"uplink",
          "dataset",
          "position",
          "device",
          "attribute",
          "value",
          "last_sequence",
          "sent_by"},
         translatable("erasures that a recipient has still to be told, until it has confirmed")},
        {"erasing",
         {"id", "dataset", "attribute", "text", "device_base"},
         translatable("erasures that are under way")},
        {"step",
         {"dataset", "device", "quantity", "newest", "taken"},
         translatable("of which days or hours a reading is kept, where one of each is")},
        {"token",
         {"dataset", "identity", "token"},
         translatable("the vault: random names of devices and persons, each beside a keyed "
                      "fingerprint of the identity")}};
}

std::vector<StoredTable> make_tables() {
    auto tables = tables_of_readings();
    for (auto& table : tables_of_state()) tables.push_back(std::move(table));
    return tables;
}

}  // namespace

std::span<const AddedField> added_fields() {
    return kAdded;
}

std::span<const StoredTable> stored_tables() {
    static const std::vector<StoredTable> tables = make_tables();
    return tables;
}

std::vector<StoredFile> stored_files(const settings::Settings& settings) {
    const std::string& buffer = settings.buffer.path;
    const std::string& state = settings.gateway.state_directory;
    return {
        {buffer, translatable("the database: readings until they are delivered, and the ledger")},
        {buffer + "-wal", translatable("its newest pages")},
        {buffer + "-shm", translatable("where its newest pages are")},
        {buffer + ".sequences*", translatable("the last numbers given to readings")},
        {buffer + ".reserve", translatable("room for a full disk, without content")},
        {buffer + ".damaged-*", translatable("a database that was found damaged, as it was")},
        {buffer + ".salvag*", translatable("the database while a damaged one is read")},
        {state + "/keys/*.key", translatable("the keys of the pseudonyms")},
        {state + "/keys/windows/*.window",
         translatable("the keys of the windows whose sums are not made yet")},
        {state + "/keys/segments/*.segment",
         translatable("the keys of the stored readings, one for each dataset and day")},
        {state + "/keys/sums.generation", translatable("how many windows of sums were released")},
        {state + "/keys/wrapping.cred",
         translatable("the key that enciphers the other keys, sealed to this machine")},
        {state + "/keys/loosening.pub",
         translatable("the public key of who may sign a looser configuration")},
        {state + "/sums.db*",
         translatable("what each meter brought to open windows and showed last, sealed; the sums "
                      "that were made of it, and the privacy budget spent")},
        {state + "/firmware.db*",
         translatable(
             "signed updates of devices, with their images until they are withdrawn or replaced; "
             "of each device that can take them a keyed fingerprint of its name, its way in, "
             "class and versions, and how far it is, until 30 days after it was last heard; of "
             "each "
             "class of devices the highest number that was ever stored"
         )},
        {state + "/consents.jsonl",
         translatable("consents and restrictions, by keyed fingerprints of the persons")},
        {state + "/ca/*",
         translatable(
             "the authority of the devices' certificates: its key, which devices have one, "
             "and which hold no more"
         )},
        {state + "/quarantine/*",
         translatable("what was refused, sealed for the data protection officer")},
        {state + "/configurations/*",
         translatable("the last good configurations, who applied them, when and from where")},
        {state + "/policy/*", translatable("the last configuration that was in use")},
        {state + "/clock", translatable("the last good time")},
        {state + "/history",
         translatable("how many readings came and went in the last day, for the status page")}};
}

}  // namespace gateway::cli
