#include "gateway/settings/loader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"
#include "gateway/settings/cross_check.hpp"
#include "gateway/settings/dataset_loader.hpp"
#include "gateway/settings/firmware_keys.hpp"
#include "gateway/settings/privacy_loader.hpp"
#include "gateway/settings/quantity_loader.hpp"
#include "gateway/settings/register_loader.hpp"
#include "gateway/settings/source_loader.hpp"
#include "gateway/settings/sum_loader.hpp"
#include "gateway/settings/uplink_loader.hpp"
#include "gateway/settings/values.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace gateway::settings {
namespace {

using language::tr;

// The SourceId of a frame is 16 bits wide; nobody needs more than a fraction of that.
constexpr std::size_t kTablesMax = 1000;

constexpr std::array kLanguages = {
    Choice<std::string_view>{"fr", "fr"}, Choice<std::string_view>{"en", "en"}};
constexpr std::array kFull = {
    Choice<Buffer::Full>{"evict", Buffer::Full::evict},
    Choice<Buffer::Full>{"refuse", Buffer::Full::refuse}};

std::optional<std::string> read_language(const Value& value, Loading& loading) {
    const auto language = read_choice<kLanguages>(value, loading);
    return language ? std::optional{std::string{*language}} : std::nullopt;
}

// A duration, or "auto".
std::optional<std::optional<milliseconds>> read_linger(const Value& value, Loading& loading) {
    const auto* text = std::get_if<std::string>(&value.content);
    if (text != nullptr && *text == "auto") return std::optional<milliseconds>{};
    return read_duration<milliseconds, 0, 10 * kSecond>(value, loading);
}

constexpr std::array kGatewayKeys = {
    Key<Gateway>{"id", into<&Gateway::id, read_name>, Presence::required},
    Key<Gateway>{"city", into<&Gateway::city, read_text>},
    Key<Gateway>{"language", into<&Gateway::language, read_language>},
    Key<Gateway>{"state_directory", into<&Gateway::state_directory, read_path>},
    Key<Gateway>{"firmware_keys", into<&Gateway::firmware_keys, read_firmware_keys>}};

constexpr std::array kBufferKeys = {
    Key<Buffer>{"path", into<&Buffer::path, read_path>},
    Key<Buffer>{
        "size_max", into<&Buffer::size_max, read_size<std::uint64_t, 4ULL << 20, 1ULL << 40>>},
    Key<Buffer>{"linger", into<&Buffer::linger, read_linger>},
    Key<Buffer>{
        "flash_budget_per_day",
        into<&Buffer::flash_budget_per_day, read_size<std::uint64_t, 1ULL << 20, 1ULL << 40>>},
    Key<Buffer>{"full", into<&Buffer::full, read_choice<kFull>>}};

constexpr std::array kTrust = {
    Choice<Clock::Trust>{"kernel", Clock::Trust::kernel},
    Choice<Clock::Trust>{"mark", Clock::Trust::mark},
    Choice<Clock::Trust>{"always", Clock::Trust::always}};

constexpr std::array kClockKeys = {
    Key<Clock>{"trust", into<&Clock::trust, read_choice<kTrust>>},
    Key<Clock>{"mark", into<&Clock::mark, read_path>},
    Key<Clock>{"wait_max", into<&Clock::wait_max, read_duration<seconds, 0, 30 * kDay>>}};

std::optional<std::string> read_host(const Value& value, Loading& loading) {
    const std::string* text = as_text(value, tr("a name in quotes"), loading);
    if (text == nullptr) return std::nullopt;
    if (is_host(*text)) return *text;
    loading.diagnostics.error(
        value.at,
        tr("\"{0}\" is not the name of a machine", {*text}),
        tr("write the name alone, without \"http://\" and without a port, such as "
           "\"passerelle.example.org\"")
    );
    return std::nullopt;
}

// The names that a browser may ask the status page by.
std::optional<std::vector<std::string>> read_hosts(const Value& value, Loading& loading) {
    constexpr std::size_t kHostsMax = 16;
    const auto* array = std::get_if<Array>(&value.content);
    if (array == nullptr || array->size() > kHostsMax) {
        reject_type(value, tr("a list of at most {0} names", {std::to_string(kHostsMax)}), loading);
        return std::nullopt;
    }
    std::vector<std::string> hosts;
    for (const Value& element : *array) {
        if (auto host = read_host(element, loading)) hosts.push_back(std::move(*host));
    }
    return hosts;
}

// A group of the system (useradd(8)): it need not be there yet.
std::optional<std::string> read_group(const Value& value, Loading& loading) {
    constexpr std::size_t kGroupBytesMax = 32;
    const std::string* text = as_text(value, tr("the name of a group in quotes"), loading);
    if (text == nullptr) return std::nullopt;
    const bool is_name = !text->empty() && text->size() <= kGroupBytesMax &&
                         text->find_first_of(": \t\n,/") == std::string::npos;
    if (is_name) return *text;
    loading.diagnostics.error(
        value.at,
        tr("\"{0}\" is not the name of a group", {*text}),
        tr("write the name as /etc/group has it, such as \"passerelle-admin\"")
    );
    return std::nullopt;
}

constexpr std::array kStatusKeys = {
    Key<Status>{"listen", into<&Status::listen, read_listen_or_none>},
    Key<Status>{"socket", into<&Status::socket, read_path>},
    Key<Status>{"hosts", into<&Status::hosts, read_hosts>},
    Key<Status>{"group", into<&Status::group, read_group>}};

std::optional<Gateway> read_gateway(const Value& value, Loading& loading) {
    return read_table<Gateway>(value, "[gateway]", kGatewayKeys, loading);
}

std::optional<Buffer> read_buffer(const Value& value, Loading& loading) {
    return read_table<Buffer>(value, "[buffer]", kBufferKeys, loading);
}

std::optional<Clock> read_clock(const Value& value, Loading& loading) {
    return read_table<Clock>(value, "[clock]", kClockKeys, loading);
}

// Half a table opens nothing to the network.
Status on_loopback(Status status) {
    const auto listen = parse_listen(status.listen);
    if (listen && !is_loopback(listen->host))
        status.listen = "127.0.0.1:" + std::to_string(listen->port);
    status.hosts.clear();
    return status;
}

std::optional<Status> read_status(const Value& value, Loading& loading) {
    const std::size_t errors = loading.diagnostics.errors();
    auto status = read_table<Status>(value, "[status]", kStatusKeys, loading);
    if (status && loading.diagnostics.errors() > errors) return on_loopback(std::move(*status));
    return status;
}

// [[source]] and its like: an element for each table, also for a faulty one, so that the check
// finds the place of each by its number.
template <class T, T (*Read)(const Value&, Loading&)>
std::optional<std::vector<T>> read_list(const Value& value, Loading& loading) {
    const auto* array = std::get_if<Array>(&value.content);
    if (array == nullptr) {
        reject_type(value, tr("[[{0}]] with two brackets", {value.key}), loading);
        return std::nullopt;
    }
    std::vector<T> list;
    for (const Value& element : *array) {
        if (list.size() == kTablesMax) {
            loading.diagnostics.error(
                element.at, tr("there are over 1000 of these"), tr("use several gateways")
            );
            break;
        }
        list.push_back(Read(element, loading));
    }
    return list;
}

constexpr std::array kKeys = {
    Key<Settings>{"gateway", into<&Settings::gateway, read_gateway>, Presence::required, true},
    Key<Settings>{"buffer", into<&Settings::buffer, read_buffer>},
    Key<Settings>{"clock", into<&Settings::clock, read_clock>},
    Key<Settings>{"status", into<&Settings::status, read_status>},
    Key<Settings>{"privacy", into<&Settings::privacy, read_privacy>},
    Key<Settings>{"register", into<&Settings::record, read_register>},
    Key<Settings>{
        "quantity", into<&Settings::quantities, read_list<model::Quantity, read_quantity>>},
    Key<Settings>{"source", into<&Settings::sources, read_list<Source, read_source>>},
    Key<Settings>{"dataset", into<&Settings::datasets, read_list<Dataset, read_dataset>>},
    Key<Settings>{"sum", into<&Settings::sums, read_list<Sum, read_sum>>},
    Key<Settings>{"uplink", into<&Settings::uplinks, read_list<Uplink, read_uplink>>}};

// The broker drops a session when another one comes with its name.
void name_sessions(Settings& settings) {
    const std::string prefix = "passerelle-" + settings.gateway.id + '-';
    for (Source& source : settings.sources) {
        auto* mqtt = std::get_if<MqttClient>(&source.driver);
        if (mqtt != nullptr && mqtt->client_id.empty()) mqtt->client_id = prefix + source.name;
    }
    for (Uplink& uplink : settings.uplinks) {
        auto* mqtt = std::get_if<MqttUplink>(&uplink.kind);
        if (mqtt != nullptr && mqtt->client.client_id.empty())
            mqtt->client.client_id = prefix + "to-" + uplink.name;
    }
}

std::string credentials_directory() {
    // The environment is written only before the first thread starts.
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
    return directory == nullptr ? std::string{} : std::string{directory};
}

// What can be said of a gateway whatever else is wrong.
Settings readable_part(const Settings& settings) {
    Settings readable;
    readable.gateway = settings.gateway;
    readable.clock = settings.clock;
    readable.status = settings.status;
    return readable;
}

// The same of what stands before the place where a file ceases to be one.
Settings readable_beginning(std::string_view text, const Loading& whole) {
    Diagnostics unheard{{}};
    Loading loading{unheard, whole.directory, false, whole.credentials_directory, whole.now};
    const Table document = parse_beginning(text);
    Settings settings;
    TableReader reader{document, {}, {}, loading};
    reader.read<Settings>(kKeys, settings);
    settings.status = on_loopback(std::move(settings.status));
    return readable_part(settings);
}

}  // namespace

LoadResult load(const std::filesystem::path& file, LoadOptions options) {
    std::ifstream stream{file, std::ios::binary};
    std::error_code failure;
    if (!stream || std::filesystem::is_directory(file, failure)) {
        Diagnostics diagnostics{file.string()};
        diagnostics.error(
            {},
            tr("the configuration cannot be read"),
            tr("correct the path, or make the file readable by the user that runs passerelle")
        );
        return {std::nullopt, diagnostics.take(), {}, {}, {}};
    }
    std::string text(kConfigurationBytesMax + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return load_text(text, file, options);
}

LoadResult load_text(
    std::string_view text, const std::filesystem::path& file, LoadOptions options
) {
    Diagnostics diagnostics{file.string()};
    std::error_code failure;
    Loading loading{
        diagnostics,
        std::filesystem::absolute(file, failure).parent_path(),
        options.look_at_files,
        credentials_directory(),
        options.now};
    const auto document = parse_document(text, diagnostics);
    Settings settings;
    if (document) {
        TableReader reader{*document, {}, tr("the configuration"), loading};
        reader.read<Settings>(kKeys, settings);
        reader.reject_the_rest();
        name_sessions(settings);
        cross_check(settings, *document, diagnostics);
    }
    Settings readable = document ? readable_part(settings) : readable_beginning(text, loading);
    const std::string language = readable.gateway.language;
    LoadResult result{
        std::nullopt, diagnostics.take(), language, std::string{text}, std::move(readable)};
    if (!has_errors(result.diagnostics)) result.settings = std::move(settings);
    return result;
}

}  // namespace gateway::settings
