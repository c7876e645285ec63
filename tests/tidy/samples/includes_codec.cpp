// as: gateway/mqtt_codec/sample.cpp
#include "drivers/driver.hpp"       // flagged: include
#include "gateway/model/frame.hpp"  // flagged: include
#include "gateway/model/result.hpp"
#include "gateway/mqtt_codec/packet.hpp"
#include "gateway/observe/log.hpp"    // flagged: include
#include "gateway/runtime/clock.hpp"  // flagged: include

#include <boost/asio/buffer.hpp>  // flagged: include
#include <mqtt/async_client.h>    // flagged: include

#include <string>
