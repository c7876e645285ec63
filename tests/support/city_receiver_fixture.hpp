#pragma once
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tests::support {

// The reference receiver (city_receiver.py) on a free port of 127.0.0.1, from construction to
// destruction.
class CityReceiverFixture {
  public:
    // `options` as on its command line. Answers when it takes batches.
    explicit CityReceiverFixture(std::vector<std::string> options = {});

    const std::string& url() const { return url_; }  // http://127.0.0.1:port

    // GET /summary as JSON text; plain HTTP only.
    std::string summary() const { return get("/summary"); }
    std::string get(const std::string& path) const;

    // Replaces the plan of failures; plain HTTP only.
    void fail(const std::string& plan) const;

    // It ends as by a power cut, or comes back with what it had stored, on another port.
    void kill();
    void start();

    std::string log() const;

  private:
    TemporaryDirectory directory_;
    std::vector<std::string> options_;
    std::string url_;
    std::unique_ptr<ChildProcess> receiver_;
};

}  // namespace tests::support
