#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace gateway::subject {

// SHA-256 (FIPS 180-4) of what is added, piece by piece.
class Digest {
  public:
    Digest();
    ~Digest();
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;

    void add(std::string_view bytes);
    std::string hex();  // call it once, at the end

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace gateway::subject
