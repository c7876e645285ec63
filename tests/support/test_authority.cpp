#include "tests/support/test_authority.hpp"

#include "tests/support/child_process.hpp"

#include <stdexcept>
#include <vector>

namespace tests::support {

namespace {

void openssl(std::vector<std::string> arguments, const std::string& log) {
    arguments.insert(arguments.begin(), "openssl");
    if (run(std::move(arguments), log) != 0) {
        throw std::runtime_error("openssl failed: " + read_file(log));
    }
}

std::vector<std::string> request(const std::string& subject, const std::string& key_file) {
    return {
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        subject,
        "-keyout",
        key_file};
}

}  // namespace

TestAuthority::TestAuthority() {
    auto arguments = request("/CN=test authority", directory_.file("authority.key"));
    arguments.insert(arguments.end(), {"-x509", "-days", "2", "-out", certificate_file()});
    openssl(std::move(arguments), directory_.file("openssl.log"));
}

TestAuthority::Certificate TestAuthority::issue_for(
    const std::string& subject, const std::string& names, int days
) const {
    const auto stem = directory_.file("issued-" + std::to_string(++issued_));
    const auto log = directory_.file("openssl.log");
    auto arguments = request(subject, stem + ".key");
    arguments.insert(
        arguments.end(), {"-addext", "subjectAltName=" + names, "-out", stem + ".csr"}
    );
    openssl(std::move(arguments), log);
    openssl(
        {"x509",
         "-req",
         "-in",
         stem + ".csr",
         "-CA",
         certificate_file(),
         "-CAkey",
         directory_.file("authority.key"),
         "-CAcreateserial",
         "-days",
         std::to_string(days),
         "-copy_extensions",
         "copy",
         "-out",
         stem + ".crt"},
        log
    );
    return {stem + ".crt", stem + ".key"};
}

}  // namespace tests::support
