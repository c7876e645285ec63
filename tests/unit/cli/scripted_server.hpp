#pragma once
#include <string>
#include <thread>
#include <vector>

namespace tests {

// An answer of HTTP.
std::string http_answer(const std::string& body, const std::string& status = "200 OK");

// A server that takes a connection for each of its answers: it reads a request, answers with what
// it was told and closes. Who comes after the last gets no answer.
class ScriptedServer {
  public:
    enum class Kind { tcp, local };
    enum class Ending {
        close,
        hold
    };  // hold: keeps the last connection open until the test is over

    // `path` is that of a unix socket; a TCP server has a free port of 127.0.0.1.
    ScriptedServer(
        Kind kind, std::string path, std::vector<std::string> answers, Ending ending = Ending::close
    );
    ScriptedServer(Kind kind, std::string path, std::string answer, Ending ending = Ending::close);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    const std::string& address() const { return address_; }

    // What was asked. From then on nobody is answered any more.
    const std::vector<std::string>& requests();
    const std::string& request() { return requests().front(); }

  private:
    void stop();
    void serve();
    bool answer(const std::string& text);

    std::string address_;
    std::vector<std::string> answers_;
    Ending ending_;
    int listener_ = -1;
    int peer_ = -1;
    std::vector<std::string> requests_;
    std::thread thread_;
};

}  // namespace tests
