#pragma once
#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <map>

namespace drivers::mqtt_listener {

// Counts the connections of a listener, in all and from each address, and those of them that have
// not introduced themselves yet.
class Occupancy {
  public:
    using Address = boost::asio::ip::address;

    void arrive(const Address& address);
    void introduce(const Address& address);
    void leave(const Address& address, bool is_introduced);

    std::size_t present() const { return all_.present; }
    std::size_t present_from(const Address& address) const { return of(address).present; }
    std::size_t strangers() const { return all_.strangers; }
    std::size_t strangers_from(const Address& address) const { return of(address).strangers; }

  private:
    struct Count {
        std::size_t present = 0;
        std::size_t strangers = 0;
    };
    Count of(const Address& address) const;

    Count all_;
    std::map<Address, Count> addresses_;  // only those somebody is connected from
};

}  // namespace drivers::mqtt_listener
