#pragma once
#include "firmware-bridge/device/passerelle_device.h"

#include <cstdint>
#include <map>
#include <random>
#include <string>

namespace firmware_bridge::test {

// What a queue was given and promised, and whether it keeps that.
class QueueBook {
  public:
    explicit QueueBook(pd_queue& queue) : queue_{queue} {}

    // One step of a life: a message more, or some fewer.
    void step(std::mt19937& random);

    // What the queue has is what it was given, and all of it, but for what it says it lost. After a
    // loss of power a message that was being written may be there as well, and messages that were
    // dropped may be there again. Returns the promises that are broken.
    int broken();

    // The queue was opened again: what it shows is from now on what it has.
    void reopened();

    std::size_t waiting() const { return messages_.size(); }
    std::uint32_t pushed() const { return pushed_; }

  private:
    struct Message {
        std::string record;
        std::uint8_t readings = 0;
    };

    void push(std::mt19937& random);
    void drop(std::uint32_t sequence);
    std::string peek(std::uint32_t sequence) const;

    pd_queue& queue_;
    std::map<std::uint32_t, Message> messages_;  // promised, and neither dropped nor said lost
    std::map<std::uint32_t, Message> given_;     // ever, by number: what it may be
    Message pending_;
    std::uint32_t pending_sequence_ = 0;
    std::uint32_t dropped_ = 1;                  // everything below
    std::uint32_t gone_min_ = 0, gone_max_ = 0;  // readings that the queue must count as lost
    std::uint32_t pushed_ = 0;
};

}  // namespace firmware_bridge::test
