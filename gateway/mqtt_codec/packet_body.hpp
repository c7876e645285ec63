#pragma once
// What stands behind the fixed header of each packet, in both directions; each packet's map of
// bytes is in the .cpp file that has its functions.
#include "gateway/mqtt_codec/byte_reader.hpp"
#include "gateway/mqtt_codec/byte_writer.hpp"
#include "gateway/mqtt_codec/packet.hpp"
#include "gateway/mqtt_codec/protocol.hpp"

#include <cstdint>

namespace gateway::mqtt_codec {

// What a body does not say itself.
struct BodyContext {
    Version version = Version::mqtt_5;
    Role receiver = Role::server;
    std::uint8_t flags = 0;  // of the fixed header; verified

    bool is_mqtt_5() const { return version == Version::mqtt_5; }
};

// Fills a packet that holds nothing yet. Bytes that are left over are the caller's to refuse.
void read_body(ByteReader& reader, const BodyContext& context, Connect& packet);
void read_body(ByteReader& reader, const BodyContext& context, Connack& packet);
void read_body(ByteReader& reader, const BodyContext& context, Publish& packet);
void read_body(ByteReader& reader, const BodyContext& context, Puback& packet);
void read_body(ByteReader& reader, const BodyContext& context, Pubrec& packet);
void read_body(ByteReader& reader, const BodyContext& context, Pubrel& packet);
void read_body(ByteReader& reader, const BodyContext& context, Pubcomp& packet);
void read_body(ByteReader& reader, const BodyContext& context, Subscribe& packet);
void read_body(ByteReader& reader, const BodyContext& context, Suback& packet);
void read_body(ByteReader& reader, const BodyContext& context, Unsubscribe& packet);
void read_body(ByteReader& reader, const BodyContext& context, Unsuback& packet);
void read_body(ByteReader& reader, const BodyContext& context, Pingreq& packet);
void read_body(ByteReader& reader, const BodyContext& context, Pingresp& packet);
void read_body(ByteReader& reader, const BodyContext& context, Disconnect& packet);
void read_body(ByteReader& reader, const BodyContext& context, Auth& packet);

// Writes a packet that can be said in `version`.
void write_body(ByteWriter& writer, Version version, const Connect& packet);
void write_body(ByteWriter& writer, Version version, const Connack& packet);
void write_body(ByteWriter& writer, Version version, const Publish& packet);
void write_body(ByteWriter& writer, Version version, const Acknowledgement& packet);
void write_body(ByteWriter& writer, Version version, const Subscribe& packet);
void write_body(ByteWriter& writer, Version version, const Suback& packet);
void write_body(ByteWriter& writer, Version version, const Unsubscribe& packet);
void write_body(ByteWriter& writer, Version version, const Unsuback& packet);
void write_body(ByteWriter& writer, Version version, const Pingreq& packet);
void write_body(ByteWriter& writer, Version version, const Pingresp& packet);
void write_body(ByteWriter& writer, Version version, const Disconnect& packet);
void write_body(ByteWriter& writer, Version version, const Auth& packet);

}  // namespace gateway::mqtt_codec
