#include "gateway/doctor/file_checks.hpp"

#include "gateway/doctor/access.hpp"
#include "gateway/doctor/certificate.hpp"
#include "gateway/doctor/small_file.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/wipe.hpp"
#include "gateway/status/words.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

namespace gateway::doctor {
namespace {

using language::tr;
using status::time_words;

// What is wrong with a file that must be read; nothing if it can be.
std::optional<Check> unreadable(
    std::string_view code, const std::string& path, const Account& account
) {
    if (is_hidden(account, path))
        return skipped(
            std::string(code),
            tr("Only root sees what may be done with {0}: run the doctor as root.", {path})
        );
    if (::access(path.c_str(), F_OK) != 0) {
        if (path.starts_with("/run/credentials/"))
            return skipped(
                std::string(code), tr("{0} is there only while the service runs.", {path})
            );
        return Check{
            std::string(code),
            Severity::failure,
            tr("The file {0}, which the configuration names, is missing.", {path}),
            tr("The gateway does not start with this configuration."),
            tr("put it there, or correct the path")};
    }
    if (may(account, path, R_OK)) return std::nullopt;
    return Check{
        std::string(code),
        Severity::failure,
        tr("The account {0} cannot read the file {1}.", {account.name, path}),
        tr("The gateway does not start with this configuration."),
        tr("run: chgrp {0} {1} && chmod g+r {1}", {account.name, path})};
}

std::optional<Check> exposed(std::string_view code, const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || (status.st_mode & S_IRWXO) == 0) return std::nullopt;
    return Check{
        std::string(code),
        Severity::failure,
        tr("Every user of this machine can read {0}.", {path}),
        tr("Who reads it can pass for this box, or for its devices. A secret file like this keeps "
           "the gateway from starting."),
        tr("run: chmod o= {0} (and renew what is in it if others have accounts here)", {path})};
}

std::optional<Check> fault_of_secret(
    std::string_view code, const std::string& path, const Account& account
) {
    if (auto fault = unreadable(code, path, account)) return fault;
    return exposed(code, path);
}

Checks secrets(const std::vector<std::string>& files, const Account& account) {
    constexpr const char* kCode = "secrets";
    if (files.empty()) return {skipped(kCode, tr("The configuration names no secret."))};
    Checks faults;
    for (const std::string& path : files) {
        auto fault = fault_of_secret(kCode, path, account);
        struct stat status {};
        if (!fault && ::stat(path.c_str(), &status) == 0 && status.st_size == 0) {
            fault = Check{
                kCode,
                Severity::failure,
                tr("The secret file {0} is empty.", {path}),
                tr("Nobody is let in with it, neither the gateway nor a device."),
                tr("write the secret into it")};
        }
        if (fault) faults.push_back(*std::move(fault));
    }
    if (!faults.empty()) return faults;
    return {in_order(
        kCode, tr("{0} secret files are there and private.", {std::to_string(files.size())})
    )};
}

Check not_certificates(std::string_view code, const std::string& path) {
    return {
        std::string(code),
        Severity::failure,
        tr("{0} holds no certificate in PEM.", {path}),
        tr("No TLS connection can be made with it."),
        tr("put the certificate there as text that begins with -----BEGIN CERTIFICATE-----")};
}

Check in_time(const TlsFiles& files, const Certificate& certificate, model::Instant now) {
    constexpr const char* kCode = "certificate-expiry";
    const auto ends = time_words(certificate.not_after);
    const auto finding =
        tr("The certificate {0} of {1} ends on {2}.", {files.certificate, files.of, ends});
    const auto renew = tr("have it renewed by who signed it ({0})", {certificate.issuer});
    if (now >= certificate.not_after) {
        return {
            kCode,
            Severity::failure,
            tr("The certificate {0} of {1} expired on {2}.", {files.certificate, files.of, ends}),
            tr("Who is shown it refuses the connection."),
            renew};
    }
    if (now < certificate.not_before) {
        return {
            kCode,
            Severity::failure,
            tr("The certificate {0} of {1} is valid from {2} on.",
               {files.certificate, files.of, time_words(certificate.not_before)}),
            tr("Who is shown it refuses the connection."),
            tr("look at the clock of this box first: date -u")};
    }
    if (certificate.not_after - now < kExpiryNotice)
        return {
            kCode, Severity::warning, finding, tr("Afterwards the connection is refused."), renew};
    return in_order(kCode, finding);
}

Check paired(const TlsFiles& files, const std::string& certificate_pem) {
    constexpr const char* kCode = "private-keys";
    auto key_pem = read_small_file(files.key);
    const auto is_pair = key_pem ? is_key_of(*key_pem, certificate_pem) : std::nullopt;
    if (key_pem) runtime::wipe(*key_pem);
    if (!key_pem)
        return skipped(kCode, tr("You may not read {0}: run the doctor as root.", {files.key}));
    if (is_pair == true)
        return in_order(
            kCode,
            tr("The private key {0} is of the certificate {1}.", {files.key, files.certificate})
        );
    const auto finding =
        is_pair ? tr("The private key {0} is not of the certificate {1}.",
                     {files.key, files.certificate})
                : tr("{0} holds no private key without a passphrase in PEM.", {files.key});
    return {
        kCode,
        Severity::failure,
        finding,
        tr("No TLS connection can be made with it."),
        tr("put the key there that the certificate was made for")};
}

Checks own_certificate(const TlsFiles& files, const Account& account, model::Instant now) {
    constexpr const char* kCode = "certificates";
    if (files.certificate.empty()) return {};
    if (auto fault = unreadable(kCode, files.certificate, account)) return {*std::move(fault)};
    const auto pem = read_small_file(files.certificate);
    if (!pem)
        return {skipped(
            kCode, tr("You may not read {0}: run the doctor as root.", {files.certificate})
        )};
    const auto found = read_certificates(*pem);
    if (found.empty()) return {not_certificates(kCode, files.certificate)};
    Checks checks{
        in_order(kCode, tr("{0} holds a certificate.", {files.certificate})),
        in_time(files, found.front(), now)};
    if (files.key.empty()) return checks;
    if (auto fault = fault_of_secret("private-keys", files.key, account)) {
        checks.push_back(*std::move(fault));
    } else {
        checks.push_back(paired(files, *pem));
    }
    return checks;
}

Checks authorities(const TlsFiles& files, const Account& account, model::Instant now) {
    constexpr const char* kCode = "authorities";
    if (files.authorities.empty()) return {};
    if (auto fault = unreadable(kCode, files.authorities, account)) return {*std::move(fault)};
    const auto pem = read_small_file(files.authorities);
    const auto found = read_certificates(pem.value_or(""));
    if (found.empty()) return {not_certificates(kCode, files.authorities)};
    const bool is_over = std::all_of(found.begin(), found.end(), [now](const Certificate& one) {
        return one.not_after <= now;
    });
    if (!is_over)
        return {in_order(
            kCode,
            tr("{0} holds {1} authorities, the first: {2}",
               {files.authorities, std::to_string(found.size()), found.front().subject})
        )};
    return {Check{
        kCode,
        Severity::failure,
        tr("The authorities in {0} have expired, the last on {1}.",
           {files.authorities, time_words(found.back().not_after)}),
        tr("No certificate that they signed is believed."),
        tr("ask who runs the other end for its authority's certificate, and put it there")}};
}

}  // namespace

Checks check_files(const NamedFiles& files, const Account& account, model::Instant now) {
    Checks checks = secrets(files.secrets, account);
    for (const TlsFiles& tls : files.tls) {
        append(checks, own_certificate(tls, account, now));
        append(checks, authorities(tls, account, now));
    }
    if (files.tls.empty())
        checks.push_back(skipped("certificates", tr("The configuration names no certificate.")));
    return checks;
}

}  // namespace gateway::doctor
