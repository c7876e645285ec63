// as: gateway/ingest/frame_sample.hpp
namespace gateway::helpers {}  // flagged: name
class FrameManager;  // flagged: name
struct ReadingInfo {};  // flagged: name
using BatchData = int;  // flagged: name
class Database;
class Base64;
struct Datagram {};
class Impl;  // flagged: name
