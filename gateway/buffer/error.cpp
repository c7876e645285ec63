#include "gateway/buffer/error.hpp"

#include <string>

namespace gateway::buffer {
namespace {

// The base's destructor is protected: nobody deletes a category through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "buffer"; }

    std::string message(int code) const override {
        switch (static_cast<Errc>(code)) {
            case Errc::in_use:
                return "the store is in use by another process";
            case Errc::damaged:
                return "the store is damaged";
            case Errc::newer_schema:
                return "the store was written by a newer release";
            case Errc::full:
                return "the store or its disk is full";
            case Errc::closed:
                return "the store is closed";
            case Errc::failed:
                return "the store failed earlier";
            case Errc::keys_missing:
                return "the keys that its readings are sealed with are missing";
            case Errc::older_schema:
                return "the store was written by an earlier release";
        }
        return "unknown";
    }
};
#pragma GCC diagnostic pop

}  // namespace

const boost::system::error_category& error_category() {
    static const Category category;
    return category;
}

}  // namespace gateway::buffer
