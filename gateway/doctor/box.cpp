#include "gateway/doctor/box.hpp"

#include "gateway/doctor/account.hpp"
#include "gateway/doctor/clock_checks.hpp"
#include "gateway/doctor/configuration_checks.hpp"
#include "gateway/doctor/disk_checks.hpp"
#include "gateway/doctor/endpoint_checks.hpp"
#include "gateway/doctor/file_checks.hpp"
#include "gateway/doctor/gateway_checks.hpp"
#include "gateway/doctor/key_checks.hpp"
#include "gateway/doctor/network_checks.hpp"
#include "gateway/doctor/port_checks.hpp"
#include "gateway/doctor/serial_checks.hpp"
#include "gateway/doctor/socket_checks.hpp"
#include "gateway/doctor/store_checks.hpp"
#include "gateway/doctor/sync_checks.hpp"
#include "gateway/doctor/system_checks.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

namespace gateway::doctor {
namespace {

namespace fs = std::filesystem;
using language::tr;
using std::chrono::seconds;

constexpr seconds kQuick{5};  // what asks the kernel and small files
constexpr seconds kStoreLimit = kSyncTimeMax + kPagesTimeMax + kQuick;
constexpr seconds kVisitLimit = kVisitTimeMax + kSecondLookMax + seconds{1};
static_assert(kStoreLimit <= kExaminationTimeMax && kVisitLimit <= kExaminationTimeMax);

// What every group keeps, since one may outlive the examination.
struct Known {
    Box box;
    settings::Settings settings;  // the defaults where there is no usable configuration
    std::vector<Endpoint> endpoints;

    bool is_usable() const { return box.loaded && box.loaded->settings; }
    // For the groups alone: it may hang.
    Account account() const {
        const auto& state = settings.gateway.state_directory;
        return account_of_gateway(box.places.proc, box.running.holder, state);
    }
};
using Shared = std::shared_ptr<const Known>;

model::Instant system_now() {
    return std::chrono::time_point_cast<model::Instant::duration>(std::chrono::system_clock::now());
}

std::string directory_of(const std::string& path) {
    const auto parent = fs::path(path).parent_path().string();
    return parent.empty() ? "." : parent;
}

// What the buffer may still grow by.
std::uint64_t growth(const settings::Buffer& buffer) {
    std::error_code failure;
    const auto size = fs::file_size(buffer.path, failure);
    return failure || size > buffer.size_max ? 0 : buffer.size_max - size;
}

bool is_one_disk(const std::string& left, const std::string& right) {
    struct stat one {};
    struct stat other {};
    const bool are_known = ::stat(left.c_str(), &one) == 0 && ::stat(right.c_str(), &other) == 0;
    return are_known && one.st_dev == other.st_dev;
}

Checks look_at_disks(const Known& known) {
    const auto& settings = known.settings;
    const std::string store = directory_of(settings.buffer.path);
    Checks checks = check_disk(store, growth(settings.buffer), known.box.places);
    const std::string& state = settings.gateway.state_directory;
    if (!is_one_disk(existing(store), existing(state)))
        append(checks, check_disk(state, 0, known.box.places));
    return checks;
}

// The medium first: reading the pages of the store would disturb the measurement.
Checks look_at_store(const Known& known) {
    const auto& settings = known.settings;
    Checks checks = check_syncs(directory_of(settings.buffer.path), known.box.places.sys);
    const auto& running = known.box.running;
    const bool is_held = running.report.has_value() || running.holder.has_value();
    append(checks, check_store(settings, known.account(), is_held));
    return checks;
}

Checks look_at_keys(const Known& known) {
    return check_keys(known.settings, known.account());
}

Checks look_at_files(const Known& known) {
    return check_files(files_of(known.settings), known.account(), system_now());
}

Checks look_at_network(const Known& known) {
    NetworkNeeds needs;
    for (const Endpoint& endpoint : known.endpoints) {
        if (settings::is_loopback(endpoint.host)) continue;
        needs.other_machines = true;
        needs.names = needs.names || !endpoint.is_numeric();
    }
    return check_network(needs, known.box.places);
}

Checks look_at_ports(const Known& known) {
    const Box& box = known.box;
    return check_ports(known.settings, box.running, known.account(), box.places.proc);
}

Checks look_at_serial_lines(const Known& known) {
    return check_serial_lines(known.settings, known.box.running, known.account());
}

Checks look_at_socket(const Known& known) {
    return check_socket(known.settings.status, known.account());
}

Checks look_at_configuration(const Known& known) {
    return check_configuration(*known.box.loaded, known.box.file, known.account());
}

// Without settings nothing is known of where things are: only the machine is looked at.
std::vector<Group> groups_of(const Shared& known) {
    std::vector<Group> groups;
    const auto add = [&](std::string code, seconds limit, Checks (*look)(const Known&)) {
        groups.push_back({std::move(code), limit, [known, look] { return look(*known); }});
    };
    if (known->box.loaded) add("configuration", kQuick, look_at_configuration);
    if (known->is_usable()) {
        add("sync-latency", kStoreLimit, look_at_store);
        add("keys", kQuick, look_at_keys);
        add("secrets", kQuick, look_at_files);
        add("ports", kQuick, look_at_ports);
        add("serial-line", kQuick, look_at_serial_lines);
        add("status-group", kQuick, look_at_socket);
    }
    add("disk-space", kQuick, look_at_disks);
    add("clock-date", kQuick, [](const Known& all) {
        return judge_clock(read_clock(all.settings, all.box.places));
    });
    add("network-route", kQuick, look_at_network);
    add("memory", kQuick, [](const Known& all) {
        return check_system(all.settings, all.box.running.holder, all.box.places);
    });
    const std::size_t visited = std::min(known->endpoints.size(), kEndpointsMax);
    for (std::size_t i = 0; i < visited; ++i) {
        groups.push_back({known->endpoints[i].code("connection"), kVisitLimit, [known, i] {
                              return check_endpoint(known->endpoints[i]);
                          }});
    }
    return groups;
}

Checks not_visited(const std::vector<Endpoint>& endpoints) {
    Checks checks;
    for (std::size_t i = kEndpointsMax; i < endpoints.size(); ++i)
        checks.push_back(skipped(
            endpoints[i].code("connection"),
            tr("{0} was not visited: there are over {1} of them.",
               {endpoints[i].name, std::to_string(kEndpointsMax)})
        ));
    return checks;
}

Checks not_known(bool is_gateway_known) {
    const auto why = tr("Without a configuration that can be used it is not known where to look.");
    Checks checks;
    if (!is_gateway_known) checks.push_back(skipped("gateway", why));
    for (const char* code : {"buffer-file", "keys", "secrets", "ports", "uplink-connection"})
        checks.push_back(skipped(code, why));
    return checks;
}

}  // namespace

Examination examine_box(Box box) {
    std::vector<Group> groups = std::move(box.more);
    auto known = std::make_shared<Known>();
    if (box.loaded && box.loaded->settings) known->settings = *box.loaded->settings;
    known->endpoints = endpoints_of(known->settings);
    known->box = std::move(box);
    for (Group& group : groups_of(known)) groups.push_back(std::move(group));
    const bool is_gateway_known = known->box.loaded.has_value();
    Checks checks;
    if (is_gateway_known) checks = check_gateway(known->settings, known->box.running);
    Examination examination = examine(std::move(groups));
    append(checks, std::move(examination.checks));
    append(checks, not_visited(known->endpoints));
    if (!known->is_usable()) append(checks, not_known(is_gateway_known));
    return {std::move(checks), examination.is_complete};
}

}  // namespace gateway::doctor
