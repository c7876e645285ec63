"""MQTT 3.1.1 and 5 as bytes: what the devices of a test say, right or wrong, and what they hear."""

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = range(1, 8)
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT, AUTH = range(8, 16)
V3_1_1, V5 = 4, 5
FAILURE = 0x80  # reason codes of MQTT 5 from here on say no
PING = b'\xc0\x00'
GOODBYE = b'\xe0\x00'

_HAS_NAME, _HAS_PASSWORD, _CLEAN = 0x80, 0x40, 0x02
_DUPLICATE = 0x08


def variable(number):
    """A variable byte integer (1.5.5)."""
    encoded = bytearray()
    while True:
        number, low = divmod(number, 128)
        encoded.append(low | (0x80 if number else 0))
        if not number:
            return bytes(encoded)


def text(content):
    """A length of two bytes, and the content: a string or bytes."""
    encoded = content.encode() if isinstance(content, str) else content
    return len(encoded).to_bytes(2, 'big') + encoded


def packet(first_byte, body=b''):
    return bytes([first_byte]) + variable(len(body)) + body


def properties(version, content=b''):
    """The properties of a packet: MQTT 3.1.1 has none."""
    return variable(len(content)) + content if version == V5 else b''


def connect(client, version=V3_1_1, name=None, password=None, clean=True, content=b'',
            keep_alive=60):
    """`content`: properties of MQTT 5."""
    flags = _CLEAN if clean else 0
    rest = text(client)
    if name is not None:
        flags |= _HAS_NAME
        rest += text(name)
    if password is not None:
        flags |= _HAS_PASSWORD
        rest += text(password)
    return packet(CONNECT << 4, text('MQTT') + bytes([version, flags]) +
                  keep_alive.to_bytes(2, 'big') + properties(version, content) + rest)


def publish(topic, payload, qos, identifier, version=V3_1_1, again=False, content=b''):
    number = identifier.to_bytes(2, 'big') if qos else b''
    first = PUBLISH << 4 | (_DUPLICATE if again else 0) | qos << 1
    return packet(first, text(topic) + number + properties(version, content) + payload)


def acknowledgement(kind, identifier):
    """PUBACK, PUBREC, PUBREL or PUBCOMP without a reason."""
    first = kind << 4 | (2 if kind == PUBREL else 0)
    return bytes([first, 2]) + identifier.to_bytes(2, 'big')


def subscribe(identifier, filters, version=V3_1_1, qos=0):
    content = b''.join(text(one) + bytes([qos]) for one in filters)
    return packet(SUBSCRIBE << 4 | 2,
                  identifier.to_bytes(2, 'big') + properties(version) + content)


def unsubscribe(identifier, filters, version=V3_1_1):
    content = b''.join(text(one) for one in filters)
    return packet(UNSUBSCRIBE << 4 | 2,
                  identifier.to_bytes(2, 'big') + properties(version) + content)


def split(received):
    """([(type, body) of each whole packet], the bytes that are left)"""
    packets, at = [], 0
    while len(received) - at >= 2:
        length, begin = _length(received, at + 1)
        if begin is None or len(received) < begin + length:
            break
        packets.append((received[at] >> 4, received[begin:begin + length]))
        at = begin + length
    return packets, received[at:]


def _length(received, at):
    """(Remaining Length, where the body begins: None while more bytes are needed)"""
    length, shift = 0, 0
    while at < len(received):
        length |= (received[at] & 0x7f) << shift
        if received[at] < 0x80:
            return length, at + 1
        at, shift = at + 1, shift + 7
    return length, None
