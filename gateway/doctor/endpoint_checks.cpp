#include "gateway/doctor/endpoint_checks.hpp"

#include "gateway/doctor/clock_checks.hpp"
#include "gateway/doctor/file_checks.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/status/words.hpp"

#include <openssl/x509_vfy.h>

#include <array>
#include <string_view>

namespace gateway::doctor {
namespace {

using language::tr;
using status::time_words;
using Stage = Visit::Stage;

constexpr int kUnauthorised = 401;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kProxyLogin = 407;
constexpr int kServerFault = 500;

// The words of one endpoint's checks.
class Judge {
  public:
    Judge(const Endpoint& endpoint, const Visit& visit, model::Instant now)
        : endpoint_(endpoint), visit_(visit), now_(now) {}

    Checks judge() const {
        Checks checks{name(), connection()};
        append(checks, security());
        checks.push_back(answer());
        if (visit_.told) checks.push_back(judge_skew(endpoint_.host, *visit_.told, visit_.told_at));
        return checks;
    }

  private:
    bool is_uplink() const { return endpoint_.role == Endpoint::Role::uplink; }
    bool is_before(Stage stage) const { return visit_.stage < stage; }

    std::string harm() const {
        return is_uplink() ? tr("Readings wait in the buffer; nothing is lost before it is full.")
                           : tr("What the devices publish there is not taken.");
    }
    Check failed(std::string_view aspect, std::string finding, std::string remedy) const {
        return {
            endpoint_.code(aspect),
            Severity::failure,
            std::move(finding),
            harm(),
            std::move(remedy)};
    }
    Check unseen(std::string_view aspect) const {
        return skipped(
            endpoint_.code(aspect), tr("{0} was not reached so far.", {endpoint_.address})
        );
    }

    Check name() const;
    Check connection() const;
    Checks security() const;
    Check refused_certificate() const;
    Check refused_by_alert() const;
    Check untimely() const;
    Check expiry(const Certificate& certificate) const;
    Check answer() const;
    Check http_answer() const;
    Check mqtt_answer() const;
    Check unauthorised(const std::string& finding) const;

    const Endpoint& endpoint_;
    const Visit& visit_;
    const model::Instant now_;
};

Check Judge::name() const {
    constexpr std::string_view kAspect = "name";
    if (visit_.stage == Stage::preparation)
        return failed(
            kAspect,
            tr("{0} ({1}) cannot be tried: {2}",
               {endpoint_.name, endpoint_.address, visit_.reason}),
            tr("correct the file or the setting that is named")
        );
    if (visit_.stage == Stage::name) {
        return failed(
            kAspect,
            tr("The name {0} ({1}) has no address: {2}",
               {endpoint_.host, endpoint_.name, visit_.reason}),
            tr("look whether it is written rightly in the configuration; otherwise at the servers "
               "of names (getent hosts {0}, cat /etc/resolv.conf)",
               {endpoint_.host})
        );
    }
    if (endpoint_.is_numeric())
        return skipped(endpoint_.code(kAspect), tr("{0} is an address.", {endpoint_.host}));
    return in_order(endpoint_.code(kAspect), tr("The name {0} has an address.", {endpoint_.host}));
}

Check Judge::connection() const {
    constexpr std::string_view kAspect = "connection";
    if (is_before(Stage::connection)) return unseen(kAspect);
    if (visit_.stage != Stage::connection)
        return in_order(endpoint_.code(kAspect), tr("{0} takes connections.", {endpoint_.address}));
    if (visit_.is_refused) {
        return failed(
            kAspect,
            tr("Nobody listens at {0} ({1}): the connection is refused.",
               {endpoint_.address, endpoint_.name}),
            is_uplink() ? tr("look whether host and port in 'url' are right; then ask who runs the "
                             "recipient whether it is up")
                        : tr("look whether host and port in 'url' are right, and whether the "
                             "broker runs: systemctl status mosquitto")
        );
    }
    return failed(
        kAspect,
        tr("There is no connection to {0} ({1}): {2}",
           {endpoint_.address, endpoint_.name, visit_.reason}),
        tr("look at the network (ip route, ping {0}) and whether a firewall or the operator of the "
           "SIM card lets the port pass",
           {endpoint_.host})
    );
}

Check Judge::untimely() const {
    const bool is_early = visit_.verdict == X509_V_ERR_CERT_NOT_YET_VALID;
    const Certificate shown = visit_.certificate.value_or(Certificate{});
    const auto when = visit_.certificate ? time_words(is_early ? shown.not_before : shown.not_after)
                                         : std::string{"?"};
    if (is_early) {
        return failed(
            "certificate",
            tr("The certificate of {0} ({1}) is valid from {2} on; the clock of this box says {3}.",
               {endpoint_.address, endpoint_.name, when, time_words(now_)}),
            tr("most often the clock is wrong (date -u): let NTP through (UDP port 123)")
        );
    }
    return failed(
        "certificate",
        tr("The certificate of {0} ({1}) expired on {2}; the clock of this box says {3}.",
           {endpoint_.address, endpoint_.name, when, time_words(now_)}),
        tr("ask who runs it to renew the certificate; if the date of this box is wrong, set its "
           "clock")
    );
}

Check Judge::refused_by_alert() const {
    const bool has_own = !endpoint_.tls.certificate_file.empty();
    return failed(
        "certificate",
        tr("{0} ({1}) refuses this box in TLS: {2}",
           {endpoint_.address, endpoint_.name, visit_.reason}),
        has_own ? tr("ask who runs it whether it trusts the authority that signed {0}, and whether "
                     "that certificate is still valid there",
                     {endpoint_.tls.certificate_file})
                : tr("it most likely asks for a client certificate: have one signed by who runs "
                     "it, and name it in 'tls' (certificate_file, key_file)")
    );
}

Check Judge::refused_certificate() const {
    if (visit_.is_alert) return refused_by_alert();
    const bool is_untimely = visit_.verdict == X509_V_ERR_CERT_NOT_YET_VALID ||
                             visit_.verdict == X509_V_ERR_CERT_HAS_EXPIRED;
    if (is_untimely) return untimely();
    const Certificate shown = visit_.certificate.value_or(Certificate{});
    if (visit_.is_other_name) {
        return failed(
            "certificate",
            tr("The certificate of {0} ({1}) is of another name: {2}",
               {endpoint_.address,
                endpoint_.name,
                shown.names.empty() ? shown.subject : shown.names}),
            tr("write the host in 'url' as the certificate names it, or ask who runs it for a "
               "certificate of the name {0}",
               {endpoint_.host})
        );
    }
    if (visit_.verdict == X509_V_OK || !visit_.certificate) {
        return failed(
            "certificate",
            tr("{0} ({1}) does not agree on TLS: {2}",
               {endpoint_.address, endpoint_.name, visit_.reason}),
            tr("look whether the port is the one for TLS (openssl s_client -connect {0}), and "
               "whether a client certificate is asked for",
               {endpoint_.address})
        );
    }
    const auto& file = endpoint_.tls.ca_file;
    return failed(
        "certificate",
        tr("The certificate of {0} ({1}) was signed by \"{2}\", which is not trusted: {3}",
           {endpoint_.address, endpoint_.name, shown.issuer, visit_.reason}),
        file.empty()
            ? tr("if that is the city's own authority, name its certificate: tls = { ca_file = "
                 "\"/etc/passerelle/city.crt\" }; otherwise somebody may be listening in")
            : tr("put the certificate of the authority that signed it into {0}, if you know it; "
                 "otherwise somebody may be listening in",
                 {file})
    );
}

Check Judge::expiry(const Certificate& certificate) const {
    constexpr std::string_view kAspect = "expiry";
    const auto finding =
        tr("The certificate of {0} ends on {1}.",
           {endpoint_.address, time_words(certificate.not_after)});
    if (certificate.not_after - now_ >= kExpiryNotice)
        return in_order(endpoint_.code(kAspect), finding);
    return {
        endpoint_.code(kAspect),
        Severity::warning,
        finding,
        tr("Afterwards the gateway does not connect any more."),
        tr("ask who runs it when it will be renewed")};
}

Checks Judge::security() const {
    constexpr std::string_view kAspect = "certificate";
    if (!endpoint_.is_secure)
        return {skipped(
            endpoint_.code(kAspect),
            tr("The connection to {0} is without TLS.", {endpoint_.address})
        )};
    if (is_before(Stage::security)) return {unseen(kAspect)};
    if (visit_.stage == Stage::security && visit_.is_timed_out)
        return {failed(
            kAspect,
            tr("{0} ({1}) takes the connection, but does not answer in TLS.",
               {endpoint_.address, endpoint_.name}),
            tr("look whether the port is the one for TLS (openssl s_client -connect {0})",
               {endpoint_.address})
        )};
    if (visit_.stage == Stage::security) return {refused_certificate()};
    Checks checks{in_order(
        endpoint_.code(kAspect),
        tr("The certificate of {0} is of its name, and of a trusted authority.",
           {endpoint_.address})
    )};
    if (visit_.certificate) checks.push_back(expiry(*visit_.certificate));
    return checks;
}

Check Judge::answer() const {
    constexpr std::string_view kAspect = "answer";
    if (is_before(Stage::answer)) return unseen(kAspect);
    if (visit_.stage == Stage::answer)
        return failed(
            kAspect,
            tr("{0} ({1}) takes the connection, but does not answer: {2}",
               {endpoint_.address, endpoint_.name, visit_.reason}),
            tr("look whether the port is the right one (TLS or not); ask who runs it whether it is "
               "well")
        );
    return std::holds_alternative<settings::HttpUplink>(endpoint_.way) ? http_answer()
                                                                       : mqtt_answer();
}

Check Judge::unauthorised(const std::string& finding) const {
    return failed(
        "answer",
        finding,
        tr("have token, password or certificate renewed by who runs it, and write it into the "
           "secret's file; no restart is needed")
    );
}

Check Judge::http_answer() const {
    const std::string code = endpoint_.code("answer");
    const std::string status = std::to_string(visit_.http_status);
    const bool is_shut_out = visit_.http_status == kUnauthorised ||
                             visit_.http_status == kForbidden || visit_.http_status == kProxyLogin;
    if (is_shut_out)
        return unauthorised(
            tr("{0} ({1}) does not let this box in (HTTP {2}).",
               {endpoint_.address, endpoint_.name, status})
        );
    if (visit_.http_status >= kServerFault) {
        return {
            code,
            Severity::warning,
            tr("{0} ({1}) is not well (HTTP {2}).", {endpoint_.address, endpoint_.name, status}),
            harm(),
            tr("ask who runs it; the gateway tries again by itself")};
    }
    if (visit_.http_status == kNotFound) {
        return {
            code,
            Severity::notice,
            tr("{0} ({1}) answers to a GET of the path that it does not know it (HTTP 404).",
               {endpoint_.address, endpoint_.name}),
            tr("That is in order where the path is for POST alone; otherwise no batch arrives."),
            tr("look at uplink-confirmed; if nothing is confirmed, correct the path in 'url'")};
    }
    return in_order(code, tr("{0} answers (HTTP {1}).", {endpoint_.address, status}));
}

Check Judge::mqtt_answer() const {
    const std::string code = endpoint_.code("answer");
    switch (visit_.welcome) {
        case Welcome::accepted:
            return in_order(code, tr("The broker {0} lets this box in.", {endpoint_.address}));
        case Welcome::unauthorised:
            return unauthorised(
                tr("The broker {0} ({1}) does not let this box in: user name, password or "
                   "certificate.",
                   {endpoint_.address, endpoint_.name})
            );
        case Welcome::refused:
            return {
                code,
                Severity::warning,
                tr("The broker {0} ({1}) refuses the doctor, who has a name of its own there.",
                   {endpoint_.address, endpoint_.name}),
                tr("It may take the gateway all the same, if it knows its 'client_id'."),
                tr("look at what the gateway says of it, and at the broker's log")};
        case Welcome::incomplete:
        case Welcome::no_mqtt:
            break;
    }
    return failed(
        "answer",
        tr("What answers at {0} ({1}) does not speak MQTT.", {endpoint_.address, endpoint_.name}),
        tr("look whether host and port in 'url' are right, and 'version' the broker's")
    );
}

}  // namespace

Checks judge_visit(const Endpoint& endpoint, const Visit& visit, model::Instant now) {
    return Judge(endpoint, visit, now).judge();
}

Checks check_endpoint(const Endpoint& endpoint) {
    const auto now =
        std::chrono::time_point_cast<model::Instant::duration>(std::chrono::system_clock::now());
    return judge_visit(endpoint, visit(endpoint), now);
}

}  // namespace gateway::doctor
