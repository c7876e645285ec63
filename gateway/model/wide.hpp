#pragma once
#ifndef __SIZEOF_INT128__
#include <boost/multiprecision/cpp_int.hpp>
#endif

namespace gateway::model {

// Integers of 128 bits: what a product of two of 64 bits needs. Compilers for 32-bit processors
// have none of their own.
#ifdef __SIZEOF_INT128__
__extension__ using WideInteger = __int128;
__extension__ using WideNatural = unsigned __int128;
#else
using WideInteger = boost::multiprecision::int128_t;
using WideNatural = boost::multiprecision::uint128_t;
#endif

}  // namespace gateway::model
