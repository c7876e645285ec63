#include "tests/support/city_receiver_fixture.hpp"

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace tests::support {

namespace {

constexpr std::chrono::seconds kStartMax{30};
constexpr std::chrono::milliseconds kPollInterval{5};
constexpr const char* kReceiver = PASSERELLE_SOURCE_DIR "/tests/support/city_receiver.py";
constexpr const char* kPython = "/usr/bin/python3";  // the distribution's, with its packages

// Sends one request of Python's standard library and returns the answer's body.
std::string request(const std::string& method, const std::string& url, const std::string& body) {
    constexpr const char* kScript =
        "import sys, urllib.request as u\n"
        "r = u.Request(sys.argv[2], method=sys.argv[1], data=sys.argv[3].encode() or None)\n"
        "print(u.urlopen(r).read().decode(), end='')\n";
    const TemporaryDirectory directory;
    const auto output = directory.file("answer");
    if (run({kPython, "-c", kScript, method, url, body}, output) != 0) {
        throw std::runtime_error(method + " " + url + ": " + read_file(output));
    }
    return read_file(output);
}

// The value of "url" in the ready file.
std::string url_in(const std::string& ready) {
    const auto start = ready.find("http");
    return start == std::string::npos ? "" : ready.substr(start, ready.find('"', start) - start);
}

}  // namespace

CityReceiverFixture::CityReceiverFixture(std::vector<std::string> options)
    : options_(std::move(options)) {
    start();
}

void CityReceiverFixture::start() {
    const auto ready_file = directory_.file("ready");
    std::filesystem::remove(ready_file);
    std::vector<std::string> command{
        kPython, kReceiver, "--database", directory_.file("city.db"), "--ready-file", ready_file};
    command.insert(command.end(), options_.begin(), options_.end());
    receiver_ = std::make_unique<ChildProcess>(std::move(command), directory_.file("log"));
    const auto deadline = std::chrono::steady_clock::now() + kStartMax;
    while (!std::filesystem::exists(ready_file)) {
        if (!receiver_->running() || std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("the receiver did not start: " + log());
        }
        std::this_thread::sleep_for(kPollInterval);
    }
    url_ = url_in(read_file(ready_file));
}

void CityReceiverFixture::kill() {
    receiver_->signal(SIGKILL);
    receiver_.reset();
}

std::string CityReceiverFixture::get(const std::string& path) const {
    return request("GET", url_ + path, "");
}

void CityReceiverFixture::fail(const std::string& plan) const {
    request("PUT", url_ + "/failures", plan.empty() ? "refuse=0" : plan);
}

std::string CityReceiverFixture::log() const {
    return read_file(directory_.file("log"));
}

}  // namespace tests::support
