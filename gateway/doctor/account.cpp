#include "gateway/doctor/account.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace gateway::doctor {
namespace {

constexpr const char* kServiceAccount = "passerelle";
constexpr int kGroupsMax = 256;
constexpr std::size_t kEntryBytes = 16 * 1024;  // of the account database

std::string name_of(uid_t user) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, kEntryBytes> room{};
    ::getpwuid_r(user, &entry, room.data(), room.size(), &found);
    return found != nullptr ? found->pw_name : std::to_string(user);
}

Account account_of(const passwd& entry) {
    Account account{entry.pw_uid, std::vector<gid_t>(kGroupsMax), entry.pw_name};
    int count = kGroupsMax;
    if (::getgrouplist(entry.pw_name, entry.pw_gid, account.groups.data(), &count) < 0)
        count = kGroupsMax;
    account.groups.resize(static_cast<std::size_t>(count));
    return account;
}

std::optional<Account> service_account() {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, kEntryBytes> room{};
    ::getpwnam_r(kServiceAccount, &entry, room.data(), room.size(), &found);
    if (found == nullptr) return std::nullopt;
    return account_of(*found);
}

std::optional<Account> account_of(uid_t user) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, kEntryBytes> room{};
    ::getpwuid_r(user, &entry, room.data(), room.size(), &found);
    if (found == nullptr) return std::nullopt;
    return account_of(*found);
}

// "Uid:\t998\t998\t…", real and effective; "Groups:\t990 991".
std::optional<Account> account_of_process(const std::string& status_file) {
    std::ifstream file(status_file);
    Account account;
    bool has_user = false;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string key;
        words >> key;
        unsigned real = 0;
        if (key == "Uid:" && words >> real >> account.user) has_user = true;
        gid_t group = 0;
        if (key != "Gid:" && key != "Groups:") continue;
        while (words >> group) account.groups.push_back(group);
    }
    if (!has_user) return std::nullopt;
    account.name = name_of(account.user);
    return account;
}

}  // namespace

Account own_account() {
    Account account{::geteuid(), std::vector<gid_t>(kGroupsMax), {}};
    const int count = ::getgroups(kGroupsMax, account.groups.data());
    account.groups.resize(static_cast<std::size_t>(std::max(count, 0)));
    account.groups.push_back(::getegid());
    account.name = name_of(account.user);
    return account;
}

Account account_of_gateway(
    const std::string& proc, std::optional<pid_t> process, const std::string& state_directory
) {
    if (process) {
        const auto file = proc + '/' + std::to_string(*process) + "/status";
        if (auto account = account_of_process(file)) return *std::move(account);
    }
    if (::geteuid() == 0) return service_account().value_or(own_account());
    struct stat status {};
    const bool has_state = ::stat(state_directory.c_str(), &status) == 0;
    if (has_state && status.st_uid == ::geteuid()) return own_account();
    if (auto account = service_account()) return *std::move(account);
    if (has_state) {
        if (auto account = account_of(status.st_uid)) return *std::move(account);
    }
    return own_account();
}

}  // namespace gateway::doctor
