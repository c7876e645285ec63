// as: drivers/mqtt_listener/sample.cpp
#include "drivers/driver.hpp"
#include "drivers/mqtt/mqtt_driver.hpp"  // flagged: include
#include "drivers/mqtt_codec/packet.hpp"
#include "gateway/ingest/frame_sink.hpp"

#include <boost/asio/awaitable.hpp>
