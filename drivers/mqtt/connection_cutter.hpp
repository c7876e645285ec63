#pragma once

namespace drivers::mqtt {

// How a message goes unacknowledged with Paho C 1.3.12, which sends PUBACK whenever its message
// callback returns and has no call that prevents it: the callback shuts its own socket down, so
// that the PUBACK which follows finds no way out. The library does not tell which socket a message
// came on either, except in its protocol trace, which it writes on the same thread immediately
// before the callback; that line is all these functions look at.

// Begins to follow the trace. Before each connection: the library forgets the setting with its last
// client.
void follow_incoming_messages();

// Shuts down the connection that delivered the message whose callback runs on this thread. False
// when that connection is not known: nothing then holds the acknowledgement back.
bool cut_connection_of_current_message();

}  // namespace drivers::mqtt
