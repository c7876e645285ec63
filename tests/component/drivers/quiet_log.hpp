#pragma once
#include "gateway/observe/log.hpp"

#include <mutex>
#include <string>

namespace tests::drivers {

// Keeps what was logged, to show that nothing personal was.
class QuietLog final : public gateway::observe::Log {
  public:
    void write(
        gateway::observe::Level,
        std::string_view event,
        std::string_view text,
        std::span<const gateway::observe::Field> fields
    ) override {
        const std::lock_guard lock(mutex_);
        text_.append(event).append(" ").append(text);
        for (const auto& field : fields) text_.append(" ").append(field.value);
        text_ += '\n';
    }
    std::string text() const {
        const std::lock_guard lock(mutex_);
        return text_;
    }

  private:
    mutable std::mutex mutex_;
    std::string text_;
};

}  // namespace tests::drivers
