#pragma once
#include "tests/support/temporary_directory.hpp"

#include <string>

namespace tests::support {

// A certificate authority for one test, made with openssl(1).
class TestAuthority {
  public:
    TestAuthority();

    struct Certificate {
        std::string file;
        std::string key_file;
    };

    // `names` as in a subjectAltName: "DNS:localhost,IP:127.0.0.1". With a negative number of days
    // the certificate is expired.
    Certificate issue(const std::string& names, int days = 2) const {
        return issue_for("/CN=test", names, days);
    }
    // The same for a subject such as "/O=city/CN=pump-1".
    Certificate issue_for(const std::string& subject, const std::string& names, int days = 2) const;

    std::string certificate_file() const { return directory_.file("authority.crt"); }

  private:
    TemporaryDirectory directory_;
    mutable int issued_ = 0;
};

inline constexpr const char* kLoopbackNames = "DNS:localhost,IP:127.0.0.1";

}  // namespace tests::support
