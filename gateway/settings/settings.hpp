#pragma once
// The configuration as plain structs, complete and checked: what the loader makes of a file and
// every part of the gateway is constructed from. Defaults here are the documented defaults. No
// logic.
#include "gateway/model/decimal.hpp"
#include "gateway/model/quantity.hpp"
#include "gateway/model/time.hpp"
#include "gateway/settings/serial_port.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gateway::settings {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A secret named, never written: the file it is read from when it is needed ({ file = … }, or the
// path systemd gives for { credential = … }). Trailing newlines are cut.
struct Secret {
    std::string file;
};

struct Gateway {
    std::string id;
    std::string city;
    std::string language;  // "fr", "en", or empty: from the environment
    std::string state_directory = "/var/lib/passerelle";  // keys and what else must survive
    // Ed25519, base64, each once: any of them signs updates of devices; empty: none are offered.
    std::vector<std::string> firmware_keys{};
};

struct Buffer {
    enum class Full { evict, refuse };
    std::string path = "/var/lib/passerelle/buffer.db";
    std::uint64_t size_max = 2ULL << 30;  // bytes of the database file
    // Well below the keep-alive of any protocol whose acknowledgement waits for the commit.
    static constexpr milliseconds kLingerMax{2000};  // of the automatic linger
    // How long a commit waits for company; nothing: as long as the budget asks for.
    std::optional<milliseconds> linger{0};
    std::uint64_t flash_budget_per_day = 200ULL << 20;  // bytes that commits and checkpoints write
    Full full = Full::evict;
};

struct Clock {
    // Who vouches for the system clock.
    enum class Trust {
        kernel,  // what NTP clients tell the kernel, or `mark`
        mark,    // `mark` alone
        always,  // the operator: it is right from the start, as with a battery
    } trust = Trust::kernel;
    std::string mark = "/run/systemd/timesync/synchronized";  // is there when the clock was set
    seconds wait_max{3600};  // after the boot readings without a date wait so long for the clock
};

struct Status {
    std::string listen = "127.0.0.1:8080";  // empty: no TCP endpoint
    std::string socket;                     // unix socket with the same routes; empty: none
    std::vector<std::string> hosts{};       // names it is asked by besides, as of a proxy
    std::string group{};  // whose members may control the gateway over the socket; empty: none
};

// --- formats ---

// One reading out of a JSON message. Pointers are RFC 6901.
struct JsonReading {
    std::string quantity;
    std::string path;
    std::string unit;  // as the device sends it; converted to the quantity's unit by powers of ten
};

// format = "json". Where `samples` points to an array, the other pointers are relative to each of
// its elements; what an element does not say (its readings apart) is then looked for in the
// message.
struct JsonMapping {
    std::string device;  // pointer; empty: from the topic or the peer
    std::string time;    // pointer; empty: arrival time. RFC 3339 text or a number of `time_unit`
    enum class TimeUnit { automatic, second, millisecond } time_unit = TimeUnit::automatic;
    std::string samples;  // pointer to an array of samples; empty: the message is the sample
    std::vector<JsonReading> readings;
    std::map<std::string, std::string> attributes;  // attribute name -> pointer
};

struct Format {
    std::string name =
        "json";  // json senml-json senml-cbor protobuf chirpstack the-things-stack cayenne-lpp
    std::string
        payload;  // of an envelope: the format inside, "cayenne-lpp"; empty: the decoded `object`
    JsonMapping json;
    std::map<std::string, std::string>
        quantities;  // sender's name -> vocabulary name, for self-describing formats
};

// --- ways in ---

struct Tls {
    bool enabled = false;
    std::string ca_file;           // empty: the system's
    std::string certificate_file;  // client certificate, with key_file
    std::string key_file;
    std::string crl_file;  // of a listener: which certificates of ca_file hold no more
};

struct MqttClient {                             // driver = "mqtt", and the `mqtt` uplink
    std::string url = "mqtt://127.0.0.1:1883";  // mqtt:// or mqtts://
    std::string client_id;  // the loader makes one of the gateway's id and the table's name
    std::string username;
    std::optional<Secret> password;
    int version = 5;  // 4 is MQTT 3.1.1
    int qos = 1;
    seconds keep_alive{30};
    Tls tls;
};

// What an authenticated identity may publish; under a pattern without {device}, for any device.
struct Access {
    std::string identity;             // "pump-7", or the beginning of several: "pump-*"
    std::vector<std::string> topics;  // patterns; "{device}" stands for the identity
};

struct CoapServer {                         // driver = "coap"
    std::string listen = "127.0.0.1:5683";  // plain, devices are not authenticated; empty: none
    std::string listen_secure;              // DTLS, "127.0.0.1:5684"; empty: none
    std::map<std::string, Secret>
        pre_shared_keys;                // PSK identity -> key; the identity is the frame's peer
    std::optional<Secret> device_keys;  // the same in one file of lines "name:key"
    bool anonymous = false;  // said by the operator: `listen` may be reached from other machines
    std::vector<Access> access;  // empty: an identity publishes for the device of its name
};

struct MqttListener {           // driver = "mqtt-listener"
    std::string listen;         // plain TCP, "127.0.0.1:1883"; empty: none
    std::string listen_secure;  // TLS, "0.0.0.0:8883"; empty: none
    Tls tls;  // the server's certificate and key; ca_file: whose client certificates are accepted
    std::optional<Secret> accounts;                 // file of lines "name:$scrypt$…"
    std::map<std::string, Secret> pre_shared_keys;  // TLS-PSK identity -> key
    std::optional<Secret> device_keys;              // the same in one file of lines "name:key"
    bool anonymous = false;      // said by the operator: devices need not say who they are
    std::vector<Access> access;  // empty: an identity publishes for the device of its name
    int connections_max = 2000;
    int connections_per_address_max = 2000;  // a router may stand before many devices
};

struct Simulator {
    std::uint64_t seed = 1;
    int devices = 10;
    milliseconds interval{1000};  // between two readings of one device
};

struct Replay {
    std::string file;    // JSON lines {"topic","peer","payload_hex","at"}
    double speed = 1.0;  // 0: as fast as it is taken
};

struct Source {
    std::string name;
    std::string dataset;
    std::vector<std::string>
        topics;  // MQTT topic or CoAP path patterns: literal, "{name}", "+", "#" levels
    std::uint32_t payload_bytes_max = 256 * 1024;
    Format format;
    std::variant<MqttClient, MqttListener, CoapServer, SerialPort, Simulator, Replay> driver;
};

// --- what is kept ---

// How the keys of pseudonyms and of sealed windows lie on the disk.
enum class KeyProtection : std::uint8_t {
    file,     // 32 bytes each, mode 0600
    wrapped,  // each enciphered with `wrapping_key`, which is kept elsewhere
    tpm2,     // as wrapped, with a key that systemd-creds seals to this machine's TPM
};

// What cannot be decoded or is not allowed, sealed so that only the officer can read it.
struct Quarantine {
    std::string officer_key;  // X25519 public key, base64; empty: nothing is kept of it
    std::uint64_t size_max = 16ULL << 20;  // bytes; the oldest goes first
    seconds retention{30 * 86400};
};

struct Privacy {
    bool strict =
        false;  // what personal data calls for is an error where it is a warning otherwise
    KeyProtection keys = KeyProtection::file;
    std::optional<Secret> wrapping_key;  // 32 bytes, base64; there if keys are `wrapped`
    // Ed25519 public key, base64: what opens more than the last configuration that ran needs a
    // signature of it. Empty: it does not.
    std::string loosening_key;
    Quarantine quarantine;
};

// Whose law the register speaks of: the headings of its forms.
enum class Jurisdiction : std::uint8_t { fr, ma, sn, tn, malabo };

// What the register, the catalogue and the charter say that nothing else in the configuration does.
struct Register {
    Jurisdiction profile = Jurisdiction::fr;
    std::string controller;  // who answers for the processing: "Ville de Tunis"
    std::string address;
    std::string contact;                // where people write to, an address of e-mail or of the web
    std::string officer;                // the data-protection officer; empty: none
    std::string officer_contact;        // empty: `contact`
    std::vector<std::string> security;  // measures beside the gateway's own, a sentence each
    std::string publisher_url;          // the controller as an IRI
    std::string portal_url;             // below it the catalogue's datasets are found
    std::string licence_url;            // of datasets that name none
};

struct Keep {};
struct Drop {};
// What an identity is told by; each but the first is written in one spelling before it is hashed.
enum class Form : std::uint8_t { as_sent, ip, mac, phone, email, iban, name };

struct Pseudonym {
    seconds epoch{30 * 86400};  // the key changes with every epoch of the gateway's clock; 0: never
    Form form = Form::as_sent;  // what is not of the form does not pass
    std::string country{};      // country code of telephone numbers that bring none, "216"
    bool is_token = false;      // random, from the vault, and for ever: `epoch` is 0
};
struct Coarsen {
    seconds step{900};        // times are floored to a multiple of it, in UTC
    bool first_only = false;  // of a device and quantity one reading a step is stored, the first
};
struct Grid {
    int metres = 500;  // positions become the south-west corner of their cell
};
struct Round {
    model::Decimal step{1, 0};  // numbers become the nearest multiple of it, half to even
};
struct Bin {
    static constexpr std::size_t kEdgesMax = 64;
    std::vector<model::Decimal> edges;  // ascending; numbers become the one they are not below
};
struct TopCode {  // numbers beyond a bound become the bound; one at least is there
    std::optional<model::Decimal> min;
    std::optional<model::Decimal> max;
};
struct Network {  // Internet addresses become the network they are in
    int v4_bits = 24;
    int v6_bits = 48;
};
struct Patterns {};  // short texts, without what has the shape of an identity
using Rule =
    std::variant<Keep, Drop, Pseudonym, Coarsen, Grid, Round, Bin, TopCode, Network, Patterns>;

// Who yields to whom: in a full buffer the lower goes first, on the way out it goes last.
enum class Priority : std::uint8_t { bulk, normal, alarm };
inline constexpr std::size_t kPriorityCount = 3;

// What a field tells of a person, as the operator sees it.
enum class FieldClass : std::uint8_t {
    direct,     // who it is
    quasi,      // who it is, together with other fields
    behaviour,  // what somebody does, and when
    sensitive,  // what the law guards more than the rest: health, belief, …
    open,       // nothing of anybody; written "public"
};

// What people read, in the languages it is given in.
struct Wording {
    std::string text;  // title = "…": the configuration does not say in which language
    std::string fr;    // title = { fr = "…", en = "…" }
    std::string en;
};

struct Dataset {
    std::string name;
    std::string purpose;
    std::string legal_basis;
    std::string consent_ref;  // where the consents of the persons are recorded; empty: none needed
    // Only devices whose holder's consent is in the ledger are stored; others are refused.
    bool consent_each = false;
    Wording title;  // empty: the name
    Wording description;
    std::string subjects;  // categories of persons, "subscribers of the water service"
    std::string theme;     // EU data theme, "ENVI"
    std::string spatial;   // what area it is about, an IRI; empty: none is said
    std::string licence_url;
    seconds retention{30 * 86400};
    Priority priority = Priority::normal;
    // Field -> rule. The fields of a reading are "device", "time", "value" and its attributes by
    // name ("location" is a position). `time` and `value` are kept unless a rule says otherwise;
    // every other field that is not listed is dropped and counted. Without a rule for `device` the
    // dataset is refused by `check`.
    std::map<std::string, Rule> fields;
    std::map<std::string, FieldClass> classes;  // of those fields for which one is given
};

// --- sums of groups ---

// Enough meters, none of which is most of the sum.
struct Threshold {
    std::uint32_t meters_min = 11;
    std::uint32_t share_percent_max = 50;
};

// Noise instead (differential privacy); the unit is one meter in one window.
struct Noise {
    model::Decimal contribution_max{};  // what one meter adds to a window at most
    model::Decimal epsilon{1, 0};       // of one window
    model::Decimal cap{31, 0};          // of all windows of a period together
    seconds period{31 * 86400};
};

struct SumGroup {
    std::string name;
    std::string part_of;  // the group whose total it belongs to; empty: none
};

// [[sum]]: a quantity of a dataset's readings, summed over groups of meters and windows of time.
// The sums are stored as readings of another dataset, whose devices are the groups.
struct Sum {
    std::string name;
    std::string from;              // dataset whose readings are summed
    std::string quantity;          // which of them
    std::string into;              // dataset that takes the sums
    bool increases = false;        // the readings are indexes: what they rise by is summed
    std::string as;                // their quantity; empty: `quantity`
    std::vector<SumGroup> groups;  // the public list
    std::string members;           // file: which meter is in which groups
    seconds window{3600};
    seconds grace{600};                // for what comes late; what is later still is counted only
    model::Decimal resolution{1, -3};  // a power of ten: sums are in multiples of it
    std::variant<Threshold, Noise> protection;
};

// --- ways out ---

enum class Encoding { json, protobuf };
enum class Compression { none, gzip, zstd };

struct HttpUplink {  // kind = "http"
    std::string url;
    std::optional<Secret> bearer_token;
    std::string username;
    std::optional<Secret> password;
    std::string proxy;
    seconds timeout{30};
    Tls tls;
};

struct MqttUplink {  // kind = "mqtt"
    MqttClient client;
    std::string topic = "passerelle/{gateway}/{dataset}/batches";
    seconds timeout{30};
};

// What one recipient gets of one dataset: rules that are applied to what is stored, again.
struct Contract {
    std::string dataset;
    std::string purpose;      // empty: the dataset's
    std::string legal_basis;  // empty: the dataset's
    std::string reference;    // the agreement with the recipient, "convention 2026-14"
    // Nothing leaves from here on; empty: no end.
    std::optional<model::Instant> until;
    // As Dataset::fields, on the stored fields. A field without a rule is not sent, but for time
    // and value.
    std::map<std::string, Rule> fields;
};

struct Uplink {
    std::string name;
    // Whose pseudonyms these are: uplinks of one recipient share them, others never do. Empty: the
    // uplink's name.
    std::string recipient;
    std::string country;              // of the recipient, ISO 3166-1 alpha-2; empty: the city's own
    std::string transfer_ref;         // what allows the transfer to another country
    std::vector<Contract> contracts;  // a dataset without one goes as it is stored
    std::vector<std::string> datasets;  // empty: all
    Encoding encoding = Encoding::protobuf;
    Compression compression = Compression::zstd;
    std::uint32_t batch_readings_max = 10'000;
    std::uint32_t batch_bytes_max = 512 * 1024;  // before compression
    milliseconds batch_age_max{5000};            // a smaller batch leaves after this long
    milliseconds retry_min{1000};
    milliseconds retry_max{300'000};
    std::variant<HttpUplink, MqttUplink> kind;
};

struct Settings {
    Gateway gateway;
    Buffer buffer;
    Clock clock;
    Status status;
    Privacy privacy;
    Register record;
    std::vector<Source> sources;
    std::vector<model::Quantity> quantities;
    std::vector<Dataset> datasets;
    std::vector<Sum> sums;
    std::vector<Uplink> uplinks;
};

}  // namespace gateway::settings
