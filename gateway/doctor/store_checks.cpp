#include "gateway/doctor/store_checks.hpp"

#include "gateway/buffer/damaged_file.hpp"
#include "gateway/doctor/access.hpp"
#include "gateway/doctor/directory.hpp"
#include "gateway/doctor/disk_checks.hpp"
#include "gateway/language/translate.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string_view>

namespace gateway::doctor {
namespace {

namespace fs = std::filesystem;
using language::tr;

constexpr std::string_view kDatabaseBeginning{"SQLite format 3\0", 16};
constexpr std::size_t kFilesMax = 100'000;  // beside the buffer
constexpr int kDirectoryUse = R_OK | W_OK | X_OK;

bool is_there(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

// A directory that is missing is made at the first start, where that is allowed.
Check directory(std::string_view code, const std::string& path, const Account& account) {
    if (is_hidden(account, path))
        return skipped(
            std::string(code),
            tr("Only root sees what may be done with {0}: run the doctor as root.", {path})
        );
    const bool exists = is_there(path);
    const std::string there = existing(path);
    if (!may(account, there, kDirectoryUse)) {
        const auto remedy = exists ? tr("run: chown {0} {1} && chmod u+rwx "
                                        "{1}",
                                        {account.name, path})
                                   : tr("run: install -d -o {0} -m 700 {1}", {account.name, path});
        return {
            std::string(code),
            Severity::failure,
            exists
                ? tr("The account {0} cannot write into the directory {1}.", {account.name, path})
                : tr("The directory {0} is missing, and the account {1} cannot make it.",
                     {path, account.name}),
            tr("The gateway does not start: nothing can be stored."),
            remedy};
    }
    if (!exists) {
        return {
            std::string(code),
            Severity::notice,
            tr("The directory {0} is not there yet.", {path}),
            tr("The gateway makes it at its first start. If it has run here before, its disk is "
               "not mounted."),
            tr("if it should be there, look at: findmnt, /etc/fstab")};
    }
    return in_order(
        std::string(code), tr("The account {0} can write into {1}.", {account.name, path})
    );
}

Check damaged(const std::string& finding) {
    return {
        "buffer-file",
        Severity::failure,
        finding,
        tr("At the next start it is put aside and what can be read of it is saved; the rest is "
           "counted as lost."),
        tr("copy it away if somebody is to look at it; check the card or disk (dmesg) and replace "
           "it")};
}

bool is_database(const std::string& path) {
    std::array<std::byte, kDatabaseBeginning.size()> read{};
    const buffer::FileReader file(path);
    if (file.size() == 0) return true;  // begun, no more
    if (!file.read(0, read)) return false;
    return std::string_view(reinterpret_cast<const char*>(read.data()), read.size()) ==
           kDatabaseBeginning;
}

Check database(const std::string& path, const Account& account) {
    constexpr const char* kCode = "buffer-file";
    struct stat status {};
    if (is_hidden(account, path))
        return skipped(
            kCode, tr("Only root sees what may be done with {0}: run the doctor as root.", {path})
        );
    if (::stat(path.c_str(), &status) != 0)
        return skipped(kCode, tr("There is no buffer {0} yet.", {path}));
    if (!may(account, path, R_OK | W_OK)) {
        return {
            kCode,
            Severity::failure,
            tr("The account {0} cannot read and write the buffer {1}.", {account.name, path}),
            tr("The gateway does not start: nothing can be stored."),
            tr("run: chown {0} {1}* && chmod 600 {1}*", {account.name, path})};
    }
    if (!may(own_account(), path, R_OK))
        return skipped(kCode, tr("You may not read {0}: run the doctor as root.", {path}));
    if (!is_database(path))
        return damaged(tr("The buffer {0} does not begin as a database.", {path}));
    if ((status.st_mode & S_IRWXO) != 0) {
        return {
            kCode,
            Severity::warning,
            tr("Every user of this machine can read the buffer {0}.", {path}),
            tr("Readings are encrypted there, but names of devices are not."),
            tr("run: chmod o= {0}*", {path})};
    }
    return in_order(kCode, tr("The buffer {0} is a database that only its owner reads.", {path}));
}

Check copies(const std::string& path) {
    constexpr const char* kCode = "buffer-damaged";
    const fs::path database(path);
    const std::string parent = database.parent_path().string();
    const std::string beginning = database.filename().string() + ".damaged-";
    std::size_t count = 0;
    const auto see = [&](const fs::path& entry) {
        const auto name = entry.filename().string();
        if (name.starts_with(beginning) && !name.ends_with("-wal")) ++count;
    };
    if (for_each_entry(parent.empty() ? "." : parent, kFilesMax, see))
        return skipped(kCode, tr("The directory of {0} cannot be read.", {path}));
    if (count == 0) return in_order(kCode, tr("No damaged buffer was put aside."));
    return {
        kCode,
        Severity::warning,
        tr("The buffer {0} was damaged before; {1} copies lie beside it.",
           {path, std::to_string(count)}),
        tr("A card or disk that damaged a file does it again."),
        tr("replace the card or disk; remove {0}* when nobody needs them", {path + ".damaged-"})};
}

}  // namespace

Check check_pages(const std::string& database) {
    constexpr const char* kCode = "buffer-pages";
    constexpr std::uint32_t kPagesAtOnce = 256;
    using Steady = std::chrono::steady_clock;
    const buffer::DamagedFile file(database);
    const auto page = std::make_unique<buffer::DamagedFile::Page>();
    const auto end = Steady::now() + kPagesTimeMax;
    std::uint32_t bad = 0;
    std::uint32_t number = 0;
    while (number < file.pages()) {
        if (!file.read(++number, *page)) ++bad;
        if (number % kPagesAtOnce == 0 && Steady::now() > end) break;
    }
    const auto seen = std::to_string(number);
    const auto all = std::to_string(file.pages());
    if (bad == 0)
        return in_order(
            kCode,
            tr("{0} of {1} pages of the buffer were looked at; all are as they were written.",
               {seen, all})
        );
    auto check = damaged(
        tr("Of {0} pages of the buffer {1}, {2} are not as they were written.",
           {seen, database, std::to_string(bad)})
    );
    check.code = kCode;
    return check;
}

Checks check_store(const settings::Settings& settings, const Account& account, bool is_held) {
    const std::string& path = settings.buffer.path;
    const std::string parent = fs::path(path).parent_path().string();
    Checks checks{
        directory("state-directory", settings.gateway.state_directory, account),
        directory("buffer-directory", parent.empty() ? "." : parent, account),
        database(path, account),
        copies(path)};
    const bool is_readable = may(own_account(), path, R_OK) && is_database(path);
    if (is_held) {
        const auto why = tr("The gateway is writing; it looks at each page that it reads itself.");
        checks.push_back(skipped("buffer-pages", why));
    } else if (!is_readable) {
        checks.push_back(skipped("buffer-pages", tr("There is no buffer to be read.")));
    } else {
        checks.push_back(check_pages(path));
    }
    return checks;
}

}  // namespace gateway::doctor
