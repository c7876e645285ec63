// Boost.JSON's own compiled code, once for the whole program.
#include <boost/json/src.hpp>
