#pragma once
#include <boost/system/result.hpp>

#include <iosfwd>
#include <utility>

namespace gateway::model {

// A value or the reason there is none. Unlike boost::system::result it may not be ignored.
template <class T, class E = boost::system::error_code>
class [[nodiscard]] Result : public boost::system::result<T, E> {
  public:
    using boost::system::result<T, E>::result;

    // An error is always taken as one; the inherited constructors cannot tell for a T, like bool,
    // that could be made of it.
    Result(E error)  // NOLINT(google-explicit-constructor): a value converts as well
        : boost::system::result<T, E>(boost::system::in_place_error, std::move(error)) {}
};

// Not printable, whatever T is: the inherited operator would demand it of T.
template <class Character, class Traits, class T, class E>
std::basic_ostream<Character, Traits>&
operator<<(std::basic_ostream<Character, Traits>&, const Result<T, E>&) = delete;

}  // namespace gateway::model
