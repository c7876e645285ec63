#pragma once
#include <string>
#include <thread>

namespace tests {

// A server that takes one connection, reads a request, answers with what it was told and closes.
class ScriptedServer {
  public:
    enum class Kind { tcp, local };
    enum class Ending { close, hold };  // hold: keeps the connection open until the test is over

    // `path` is that of a unix socket; a TCP server has a free port of 127.0.0.1.
    ScriptedServer(Kind kind, std::string path, std::string answer, Ending ending = Ending::close);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    const std::string& address() const { return address_; }

    // What was asked. Waits for the connection's end.
    const std::string& request();

  private:
    void serve();

    std::string address_;
    std::string answer_;
    Ending ending_;
    int listener_ = -1;
    int peer_ = -1;
    std::string request_;
    std::thread thread_;
};

}  // namespace tests
