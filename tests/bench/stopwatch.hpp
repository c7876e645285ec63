#pragma once
#include <sys/resource.h>
#include <sys/time.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>

namespace bench {

// Elapsed and processor time of this process, all threads, since it was made.
class Stopwatch {
  public:
    double elapsed_s() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }
    double cpu_s() const { return processor_seconds() - cpu_start_; }

  private:
    static double processor_seconds() {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        const auto seconds = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
        };
        return seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }

    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    double cpu_start_ = processor_seconds();
};

}  // namespace bench
