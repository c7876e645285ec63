#include "drivers/mqtt/connection_cutter.hpp"

#include <MQTTAsync.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <string_view>

namespace drivers::mqtt {

namespace {

constexpr int kNoSocket = -1;

int& socket_of_current_message() {
    thread_local int socket = kNoSocket;
    return socket;
}

// "19700101 000000.000 7 client-id <- PUBLISH msgid: 1 qos: 1 …": date, time, socket, client id.
int socket_in(std::string_view line) {
    for (int field = 0; field < 2; ++field) {
        const std::size_t space = line.find(' ');
        if (space == std::string_view::npos) return kNoSocket;
        line.remove_prefix(space + 1);
    }
    int socket = kNoSocket;
    const auto parsed = std::from_chars(line.data(), line.data() + line.size(), socket);
    return parsed.ec == std::errc() ? socket : kNoSocket;
}

void on_trace(MQTTASYNC_TRACE_LEVELS level, char* message) noexcept {
    if (level != MQTTASYNC_TRACE_PROTOCOL || message == nullptr) return;
    const std::string_view line(message);
    if (line.find(" <- PUBLISH ") != std::string_view::npos)
        socket_of_current_message() = socket_in(line);
}

}  // namespace

void follow_incoming_messages() {
    MQTTAsync_setTraceCallback(on_trace);
    MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_PROTOCOL);
}

bool cut_connection_of_current_message() {
    const int socket = socket_of_current_message();
    if (socket == kNoSocket) return false;
    return ::shutdown(socket, SHUT_RDWR) == 0 || errno == ENOTCONN;
}

}  // namespace drivers::mqtt
