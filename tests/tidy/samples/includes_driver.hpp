// as: drivers/mqtt/sample.hpp
#include "drivers/driver.hpp"
#include "drivers/coap/coap_driver.hpp"  // flagged: include
#include "gateway/buffer/outbox.hpp"  // flagged: include
#include "gateway/ingest/frame_sink.hpp"
#include <boost/asio.hpp>  // flagged: include
#include <boost/asio/awaitable.hpp>
#include <mqtt/async_client.h>  // flagged: include
