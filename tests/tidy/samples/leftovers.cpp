// as: gateway/ingest/sample.cpp
using namespace std;  // flagged: using-namespace
using namespace std::chrono_literals;
using namespace boost::asio::experimental::awaitable_operators;
// TODO: later  // flagged: leftover
int f();  // FIXME  // flagged: leftover
//     return count(frame);  // flagged: leftover
//     if (frame.empty()) {  // flagged: leftover
//     total += count(frame);  // flagged: leftover
#if 0  // flagged: leftover
#endif
const char* kPath = "/home/anna/passerelle";  // flagged: leftover
// A frame is counted once; what is refused later (see Ledger) is not counted again.
// `co_await f();` would drop the result.
