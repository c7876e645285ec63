#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

// The rules for fields of a type that tells a person: the type is checked, then the field becomes a
// pseudonym or is dropped. None of them shows a part of what it reads, but for the network of an
// Internet address.
namespace gateway::settings {

// { rule = "phone", then = "pseudonym", epoch = "P1M", country = "216" }. Without `then` a name is
// dropped and everything else becomes a pseudonym.
Rule read_identity_rule(Form form, TableReader& reader);

// The same for the device, which cannot be dropped.
Rule read_device_rule(Form form, TableReader& reader);

template <Form Of>
Rule make_identity_rule(TableReader& reader, Position, Loading&) {
    return read_identity_rule(Of, reader);
}

template <Form Of>
Rule make_device_rule(TableReader& reader, Position, Loading&) {
    return read_device_rule(Of, reader);
}

// { rule = "ip", v4 = 24, v6 = 48 }, or then = "pseudonym" or "drop".
Rule make_ip_rule(TableReader& reader, Position at, Loading& loading);

// { rule = "text", mode = "patterns" }; dropped by default.
Rule make_text_rule(TableReader& reader, Position at, Loading& loading);

}  // namespace gateway::settings
