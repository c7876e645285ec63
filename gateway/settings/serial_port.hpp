#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gateway::settings {

// A node that may introduce itself on a serial line.
struct SerialNode {
    std::string name;
    std::uint8_t address = 0;  // 1 to 247 on a bus, 0 on a line
};

struct SerialPort {  // driver = "serial"
    static constexpr std::size_t kNodesMax = 64;
    static constexpr std::array kBauds{
        9600,
        19'200,
        38'400,
        57'600,
        115'200,
        230'400,
        460'800,
        500'000,
        921'600,
        1'000'000,
        2'000'000,
        3'000'000};
    std::string device;  // "/dev/serial/by-id/…"
    int baud = 115'200;
    bool bus = false;    // several nodes that take turns; false: one that speaks when it wants to
    bool rs485 = false;  // the kernel's driver switches the direction with RTS
    std::vector<SerialNode> nodes;  // empty: any, on a line
};

}  // namespace gateway::settings
