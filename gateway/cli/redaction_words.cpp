#include "gateway/cli/redaction_words.hpp"

#include <string>

namespace gateway::cli {
namespace {

// Words between blanks, in the order of the alphabet.
constexpr std::string_view kKeys =
    " "
    "able_to_store access accounts address alarm anonymous at attributes backlog "
    "batch_age_max batch_bytes_max batch_readings_max batches baud bearer_token bin boot "
    "buffer buffer_bytes bus by_state bytes bytes_per_day bytes_per_reading bytes_sent "
    "bytes_written ca_file cap certificate_file checks chirpstack city class client_id clock "
    "code commits compression connected connections connections_max "
    "connections_per_address_max consent consent_ref consents contact contract "
    "contribution_max controller corrected country credential crl_file damaged dataset "
    "datasets day dead delivered description device device_class device_keys devices driver "
    "each edges empty_in_s en encoding end epoch epsilon erasures evicted expired expires "
    "failing failure fields fields_dropped fields_withheld file firmware firmware_keys first "
    "flash_budget_per_day floor format fr frames free from full full_in_s gateway good grace "
    "grid groups hosts hour id identity increases interval into is_for_one is_settings json "
    "keep keep_alive key_file keys kind lag_s lanes language last_confirmed last_frame "
    "last_number last_sequence ledger left_out legal_basis length_ms licence_url linger "
    "listen listen_secure live location log_bytes loosening_key lost lost_at_nodes max "
    "members meters_min metres min name newest nodes noise now number of officer "
    "officer_contact officer_key oldest open_windows pages part_of passed_over password path "
    "payload payload_bytes_max period portal_url pre_shared_keys preset priority privacy "
    "problems profile proxy publisher_url purpose qos quantities quantity quarantine "
    "readings received recipient records reference refused register releases replay "
    "reporting_interval_s resolution restrictions retention retries retry_max retry_min "
    "round rs485 rule samples sealed seconds security seed segments sequence severity "
    "share_percent_max since size_max socket source sources spatial speed stage state "
    "state_directory status step step_s stored strict subjects sum sums suppressed "
    "synchronised system taken theme time time_unit timeout title tls topic topics "
    "transfer_ref trial trust trusted turned_away uncertain undated unit until up_to updates "
    "uplink uplinks uptime_s url used username value values vendor version wait_max waiting "
    "waiting_in window worst wrapping_key written ";

constexpr std::string_view kLeftOut =
    " "
    "by consequence description detail digest finding note reason remedy text title why ";

constexpr std::string_view kCounted =
    " "
    "by_state evicted left_out lost lost_at_nodes refused suppressed turned_away ";

constexpr std::string_view kWords =
    " "
    "aborted alarm all always auto automatic behaviour bin bulk cayenne-lpp chirpstack coap "
    "coarsen confirmed consent contract degraded direct done downloading drop en epoch evict "
    "expired failing failure file first fr grid gzip http https identity indirect internal "
    "json keep kernel legal-obligation ma malabo mark milliseconds mqtt mqtt-listener mqtts "
    "none normal notice offered ok one open paused protobuf pseudonym public rebooted refuse "
    "rolled-back round running seconds senml-cbor senml-json sensitive serial skipped sn "
    "socks5 socks5h stopped stored tenth the-things-stack tn token topcode tpm2 verified "
    "warning zstd ";

constexpr std::string_view kUnits =
    " "
    "% B GB GiB KB KiB MB MiB TiB bytes d day days h min ms s ";

bool has(std::string_view list, std::string_view word) {
    if (word.empty() || word.find(' ') != std::string_view::npos) return false;
    const std::string wanted = std::string(" ").append(word).append(" ");
    return list.find(wanted) != std::string_view::npos;
}

}  // namespace

bool is_known_key(std::string_view key) {
    return has(kKeys, key);
}

bool is_left_out(std::string_view key) {
    return has(kLeftOut, key);
}

bool is_counted_by_cause(std::string_view key) {
    return has(kCounted, key);
}

bool is_known_word(std::string_view text) {
    return has(kWords, text);
}

bool is_unit_word(std::string_view text) {
    return has(kUnits, text);
}

}  // namespace gateway::cli
