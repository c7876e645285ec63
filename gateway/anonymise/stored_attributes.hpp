#pragma once
#include "gateway/model/reading.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace gateway::anonymise {

// Reads the attributes of a stored reading back: the JSON object that Policy made, whose values are
// texts, numbers with their exact digits, booleans and positions. Reused from object to object.
class StoredAttributes {
  public:
    StoredAttributes();
    ~StoredAttributes();
    StoredAttributes(const StoredAttributes&) = delete;
    StoredAttributes& operator=(const StoredAttributes&) = delete;

    // False if it is no such object.
    [[nodiscard]] bool read(std::string_view json);

    // In the order of the object; valid until the next read().
    std::span<const model::Attribute> all() const;

  private:
    class Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace gateway::anonymise
