#pragma once
#include "gateway/model/quantity.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace gateway::decode {

// What a SenML name says of its device and of what is measured.
struct SenmlName {
    std::string_view device;  // empty: the topic or the peer tells
    std::string_view quantity;
};

// Splits SenML names, which are one text, into device and quantity:
//
// 1. A sender that gives a base name and a name has split it himself: "urn:dev:ow:10e2:" +
// "voltage"
//    is device urn:dev:ow:10e2, quantity voltage. Where only what follows the name's last ':' or
//    '/' is a known quantity, the rest goes to the device ("urn:dev:mac:" + "0024be/temperature").
// 2. A name given in one piece is split at its last ':' or '/' if a known quantity follows it, or
//    if the unit does not tell the quantity and a word follows. Without such a character, the name
//    is the quantity on the same conditions, and the device is left to the topic or the peer.
// 3. Otherwise the whole name is the device and its unit tells the quantity: "2001:db8::3" with
//    unit "/" is a ratio of device 2001:db8::3. Two sensors of a device keep two names that way.
//
// A quantity is known if it is in the built-in vocabulary or renamed by the configuration
// (Format.quantities, sender's name -> vocabulary name); the new name is what split() gives.
class SenmlNaming {
  public:
    explicit SenmlNaming(const std::map<std::string, std::string>& quantities);

    // The first `base_size` bytes of `name` are the base name. The views point into `name`, into
    // static texts or into this object.
    SenmlName split(std::string_view name, std::size_t base_size, std::string_view unit) const;

  private:
    bool is_known(std::string_view quantity) const;
    std::string_view renamed(std::string_view quantity) const;

    std::map<std::string, std::string, std::less<>> quantities_;
    model::Vocabulary vocabulary_;
};

}  // namespace gateway::decode
