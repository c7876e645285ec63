#include "drivers/mqtt_listener/occupancy.hpp"

namespace drivers::mqtt_listener {

void Occupancy::arrive(const Address& address) {
    for (Count* count : {&all_, &addresses_[address]}) {
        ++count->present;
        ++count->strangers;
    }
}

void Occupancy::introduce(const Address& address) {
    for (Count* count : {&all_, &addresses_[address]}) --count->strangers;
}

void Occupancy::leave(const Address& address, bool is_introduced) {
    if (!is_introduced) introduce(address);
    --all_.present;
    if (--addresses_[address].present == 0) addresses_.erase(address);
}

Occupancy::Count Occupancy::of(const Address& address) const {
    const auto found = addresses_.find(address);
    return found == addresses_.end() ? Count{} : found->second;
}

}  // namespace drivers::mqtt_listener
