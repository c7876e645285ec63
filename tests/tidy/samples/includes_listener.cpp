// as: drivers/mqtt_listener/sample.cpp
#include "drivers/driver.hpp"
#include "drivers/mqtt/mqtt_driver.hpp"  // flagged: include
#include "gateway/ingest/frame_sink.hpp"
#include "gateway/mqtt_codec/packet.hpp"

#include <boost/asio/awaitable.hpp>
