#include "gateway/aggregate/error.hpp"

#include "gateway/language/translate.hpp"

#include <string>

namespace gateway::aggregate {
namespace {

using language::tr;

// The base's destructor is protected: nobody deletes a category through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "aggregate"; }

    std::string message(int code) const override {
        switch (static_cast<Errc>(code)) {
            case Errc::entropy:
                return tr("the source of randomness failed");
            case Errc::overflow:
                return tr("a sum has more than 64 bits");
            case Errc::impossible_rule:
                return tr("the rules of the aggregation are not possible");
            case Errc::rolled_back:
                return tr("the database is older than its generation: nothing is released from it");
            case Errc::generation_lost:
                return tr("the generation of the database is lost: nothing is released from it");
            case Errc::unauthentic:
                return tr("a spooled value is not as it was written");
            case Errc::out_of_order:
                return tr("readings were left out");
            case Errc::failed:
                return tr("the aggregation failed earlier");
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

}  // namespace gateway::aggregate
