#include "tests/bench/load/fleet.hpp"

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace bench {
namespace {

using std::chrono::duration_cast;

template <class Unit>
std::uint64_t unix_time() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(duration_cast<Unit>(now).count());
}

}  // namespace

Fleet::Fleet(Plan plan) : plan_(plan), sent_(plan.devices), acknowledged_(plan.devices) {
    if (plan.devices == 0) throw std::invalid_argument("a fleet has at least one device");
    if (plan.is_live && plan.rate <= 0)
        throw std::invalid_argument("live readings need a rate: their times must differ");
    const std::uint64_t last = plan.first_number + plan.readings_max / plan.devices;
    if (!plan.is_live && kFirstSecond + last > unix_time<std::chrono::seconds>())
        throw std::invalid_argument("so many readings of a device would reach into the future");
}

std::uint64_t Fleet::allowed(SteadyTime now) const {
    if (plan_.rate <= 0) return plan_.readings_max;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    return std::min(plan_.readings_max, static_cast<std::uint64_t>(seconds * plan_.rate) + 1);
}

MeterReading Fleet::next(std::uint32_t device) {
    ++offered_;
    const std::uint64_t number = plan_.first_number + sent_[device]++;
    if (plan_.is_live) return {device, number, unix_time<std::chrono::milliseconds>()};
    return {device, number, kFirstSecond + number};
}

bool Fleet::acknowledge(const MeterReading& reading, std::chrono::nanoseconds latency) {
    if (!acknowledged_[reading.meter].add(reading.number)) return false;
    latencies_.add(latency);
    return true;
}

void Fleet::write_acknowledged(const std::string& file) const {
    std::ofstream out(file);
    std::string name;
    for (std::uint32_t device = 0; device < plan_.devices; ++device) {
        if (acknowledged_[device].size() == 0) continue;
        name.clear();
        append_meter_name(name, device);
        out << name << ' ' << acknowledged_[device].to_text() << '\n';
    }
    if (!out.flush()) throw std::system_error(errno, std::generic_category(), file);
}

}  // namespace bench
