#include "tests/support/mosquitto_fixture.hpp"

#include "tests/support/loopback_port.hpp"

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace tests::support {

namespace {

constexpr std::chrono::seconds kStartMax{10};
constexpr std::chrono::milliseconds kPollInterval{5};

}  // namespace

MosquittoFixture::MosquittoFixture(std::string configuration) : port_(free_port()) {
    // A broker started by root would become the user mosquitto, who cannot read test files.
    directory_.write(
        "mosquitto.conf",
        "user root\npersistence_location " + directory_.path().string() + "/\nlistener " +
            std::to_string(port_) + " 127.0.0.1\n" + configuration
    );
    start();
}

std::string MosquittoFixture::url() const {
    return "mqtt://127.0.0.1:" + std::to_string(port_);
}

void MosquittoFixture::start() {
    broker_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{
            "/usr/sbin/mosquitto", "-v", "-c", directory_.file("mosquitto.conf")},
        directory_.file("mosquitto.log")
    );
    const auto deadline = std::chrono::steady_clock::now() + kStartMax;
    while (!is_listening(port_)) {
        if (!broker_->running() || std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("mosquitto did not start: " + log());
        }
        std::this_thread::sleep_for(kPollInterval);
    }
}

void MosquittoFixture::stop() {
    broker_.reset();
}

void MosquittoFixture::kill() {
    broker_->signal(SIGKILL);
    broker_.reset();
}

void MosquittoFixture::pause() {
    broker_->signal(SIGSTOP);
}

std::string MosquittoFixture::log() const {
    return read_file(directory_.file("mosquitto.log"));
}

}  // namespace tests::support
