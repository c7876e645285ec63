#include "gateway/buffer/error.hpp"

#include "gateway/language/translate.hpp"

#include <string>

namespace gateway::buffer {
namespace {

using language::tr;

// The base's destructor is protected: nobody deletes a category through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "buffer"; }

    std::string message(int code) const override {
        switch (static_cast<Errc>(code)) {
            case Errc::in_use:
                return tr("the store is in use by another process");
            case Errc::damaged:
                return tr("the store is damaged");
            case Errc::newer_schema:
                return tr("the store was written by a newer release");
            case Errc::full:
                return tr("the store or its disk is full");
            case Errc::closed:
                return tr("the store is closed");
            case Errc::failed:
                return tr("the store failed earlier");
            case Errc::keys_missing:
                return tr("the keys that its readings are sealed with are missing");
            case Errc::older_schema:
                return tr("the store was written by an earlier release");
        }
        return tr("unknown failure");
    }
};
#pragma GCC diagnostic pop

}  // namespace

const boost::system::error_category& error_category() {
    static const Category category;
    return category;
}

}  // namespace gateway::buffer
