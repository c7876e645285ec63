#include "drivers/serial/window.hpp"

#include <algorithm>

namespace drivers::serial {

void Window::close(Time now) {
    pause_ = std::clamp(2 * pause_, kPauseMin, kPauseMax);
    closed_until_ = now + pause_;
    size_ = 1;
}

void Window::widen() {
    pause_ = std::chrono::seconds{0};
    size_ = std::min(2 * size_, kMax);
}

}  // namespace drivers::serial
