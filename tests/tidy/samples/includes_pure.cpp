// as: gateway/decode/sample.cpp
#include "gateway/decode/decoder.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/runtime/clock.hpp"  // flagged: include
#include "gateway/observe/log.hpp"  // flagged: include
#include "gateway/settings/settings.hpp"
#include "decoder.hpp"  // flagged: include
#include <boost/asio/awaitable.hpp>  // flagged: include
#include <simdjson.h>
#include <sqlite3.h>  // flagged: include
#include <vector>
