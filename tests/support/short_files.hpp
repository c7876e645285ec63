#pragma once
#include <sys/resource.h>

#include <csignal>

namespace tests::support {

// While it lives no file of this process grows beyond so many bytes: the write that would make it
// larger is cut short, as on a disk that fills meanwhile, and says nothing of why.
class ShortFiles {
  public:
    explicit ShortFiles(rlim_t bytes_max) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes_max, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~ShortFiles() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    ShortFiles(const ShortFiles&) = delete;
    ShortFiles& operator=(const ShortFiles&) = delete;

  private:
    void (*handler_)(int);
    rlimit before_{};
};

}  // namespace tests::support
