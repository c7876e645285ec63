#include "drivers/mqtt/verdict.hpp"

namespace drivers::mqtt {

void Verdict::decide(Answer answer) {
    {
        const std::lock_guard lock(mutex_);
        if (!answer_) answer_ = answer;
    }
    decided_.notify_all();
}

Answer Verdict::wait(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    decided_.wait_for(lock, limit, [this] { return answer_.has_value(); });
    if (!answer_) answer_ = Answer::drop;
    return *answer_;
}

}  // namespace drivers::mqtt
