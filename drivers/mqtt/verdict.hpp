#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace drivers::mqtt {

// What the client library is to do about a message it has just delivered.
enum class Answer {
    acknowledge,  // committed, or refused for good: the broker may forget it
    drop,         // the connection is dropped unanswered: the broker keeps it and delivers it again
};

// The meeting point of a callback of the client library, which waits, and the reactor, which
// decides. The first decision stands. Thread-safe.
class Verdict {
  public:
    void decide(Answer answer);

    // The decision; Answer::drop once `limit` has passed without one.
    Answer wait(std::chrono::milliseconds limit);

  private:
    std::mutex mutex_;
    std::condition_variable decided_;
    std::optional<Answer> answer_;
};

}  // namespace drivers::mqtt
