#pragma once
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace tests::support {

// A real mosquitto broker on a free port of 127.0.0.1, from construction to destruction.
class MosquittoFixture {
  public:
    // `configuration`: lines of mosquitto.conf(5) that follow the listener's.
    explicit MosquittoFixture(std::string configuration = "allow_anonymous true\n");

    std::uint16_t port() const { return port_; }
    std::string url() const;  // mqtt://127.0.0.1:port

    // A broker that was stopped or killed comes back on the same port; its sessions survive a
    // stop() when the configuration says `persistence true`. Answers when it takes connections.
    void start();
    void stop();
    void kill();

    // A broker that hangs: connections stay, nothing is answered, until the end.
    void pause();

    std::string log() const;  // everything the broker said

  private:
    TemporaryDirectory directory_;
    std::uint16_t port_;
    std::unique_ptr<ChildProcess> broker_;
};

}  // namespace tests::support
