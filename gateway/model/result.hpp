#pragma once
#include <boost/system/result.hpp>

namespace gateway::model {

// A value or the reason there is none. Unlike boost::system::result it may not be ignored.
template <class T, class E = boost::system::error_code>
class [[nodiscard]] Result : public boost::system::result<T, E> {
  public:
    using boost::system::result<T, E>::result;
};

}  // namespace gateway::model
