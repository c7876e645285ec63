"""The serial link of firmware-bridge/README.md, written from its tables alone.

Frames and payloads, and both ends of a link without any input or output of their own: bytes come
in by `feed`, what is to be sent comes out. Nothing here knows the device library or the driver of
the gateway: they are held to this.
"""
import dataclasses
import random
import struct
import zlib

HELLO, READINGS, STATUS, TURN_END = 0x01, 0x02, 0x03, 0x04
WELCOME, ACK, REFUSED, HELLO_AGAIN, TURNED_AWAY, POLL = 0x81, 0x82, 0x83, 0x84, 0x85, 0x86
UPDATE_ASK, UPDATE_STATE = 0x40, 0x41
UPDATE_OFFER, UPDATE_PIECE, UPDATE_OVER, UPDATE_SEEN = 0xc0, 0xc1, 0xc2, 0xc3
CONTENT_BYTES_MIN, CONTENT_BYTES_MAX = 12, 254
PAYLOAD_BYTES_MAX = CONTENT_BYTES_MAX - CONTENT_BYTES_MIN
WINDOW_MAX = 8
VERSION = 1
ANSWER_MS, ANSWER_MS_MAX = 1000, 8000
HEARTBEAT_MS, STOPPED_MS, TURNED_AWAY_MS = 10_000, 2_000, 60_000
SILENT_TURNS_MAX = 2


def cobs_encode(content):
    """Content without its zeros, and without the one that ends the frame."""
    encoded, group = bytearray(), bytearray()
    for position, byte in enumerate(content):
        if byte:
            group.append(byte)
        if not byte or len(group) == 254:
            encoded += bytes([len(group) + 1]) + group
            group.clear()
            if byte and position + 1 == len(content):
                return bytes(encoded)
    return bytes(encoded + bytes([len(group) + 1]) + group)


def cobs_decode(encoded):
    """None where it is not COBS."""
    content, position = bytearray(), 0
    while position < len(encoded):
        code = encoded[position]
        group = encoded[position + 1:position + code]
        if code == 0 or 0 in group or len(group) != code - 1:
            return None
        content += group
        position += code
        if code < 255 and position < len(encoded):
            content.append(0)
    return bytes(content)


@dataclasses.dataclass
class Frame:
    type: int
    address: int = 0
    session: int = 0
    sequence: int = 0
    payload: bytes = b''

    def pack(self):
        content = struct.pack('<BBHI', self.type, self.address, self.session, self.sequence)
        content += self.payload
        content += struct.pack('<I', zlib.crc32(content))
        if len(content) > CONTENT_BYTES_MAX:
            raise ValueError('the payload is too long')
        return cobs_encode(content) + b'\0'

    @staticmethod
    def unpack(encoded):
        """A frame without its closing zero; None where it is damaged."""
        content = cobs_decode(encoded)
        if content is None or not CONTENT_BYTES_MIN <= len(content) <= CONTENT_BYTES_MAX:
            return None
        if zlib.crc32(content[:-4]) != struct.unpack('<I', content[-4:])[0]:
            return None
        return Frame(*struct.unpack('<BBHI', content[:8]), content[8:-4])


class FrameReader:
    """Cuts a stream into frames; counts what is damaged. Keeps no more than one frame."""

    def __init__(self):
        self.damaged = 0
        self._encoded = bytearray()

    def feed(self, received):
        frames = []
        for byte in received:
            if byte:
                if len(self._encoded) <= CONTENT_BYTES_MAX + 2:
                    self._encoded.append(byte)
                continue
            if self._encoded:
                frame = Frame.unpack(bytes(self._encoded))
                self.damaged += frame is None
                frames += [] if frame is None else [frame]
                self._encoded.clear()
        return frames


# Payloads. A field is name: (number, kind); a list of one kind is a repeated field.
DECIMAL = {'mantissa': (1, 'sint'), 'exponent': (2, 'sint')}
READING = {'quantity': (1, 'text'), 'decimal': (2, DECIMAL), 'number': (3, 'double'),
           'flag': (4, 'chosen_bool'), 'unit': (5, 'text'), 'observed_at_ms': (6, 'int'),
           'device': (8, 'text')}
READINGS_MESSAGE = {'device': (1, 'text'), 'readings': (2, [READING])}
NODE_HELLO = {'version_min': (1, 'int'), 'version_max': (2, 'int'), 'node': (3, 'text'),
              'vendor': (4, 'text'), 'device_class': (5, 'text'), 'firmware': (6, 'int'),
              'incarnation': (7, 'fixed32'), 'next': (8, 'int'), 'waiting': (9, 'int'),
              'lost': (10, 'int'), 'settings': (11, 'int'), 'image_bytes_max': (12, 'int'),
              'on_trial': (13, 'bool')}
NODE_STATUS = {'uptime_s': (1, 'int'), 'waiting': (2, 'int'), 'lost': (3, 'int')}
NODE_WELCOME = {'version': (1, 'int'), 'node': (2, 'text'), 'window': (3, 'int'),
                'unix_ms': (4, 'fixed64'), 'incarnation': (5, 'fixed32')}
NODE_ACK = {'expected': (1, 'int'), 'window': (2, 'int'), 'gap': (3, 'bool'),
            'unix_ms': (4, 'fixed64')}
NODE_REFUSED = {'cause': (1, 'int')}
NODE_TURNED_AWAY = {'cause': (1, 'int')}
TURNED_AWAY_VERSION, ADDRESS_IN_USE, NOT_LISTED, FULL = range(4)
MALFORMED, NOT_ADMITTED = range(2)

_FIXED = {'fixed32': '<I', 'fixed64': '<Q', 'double': '<d'}
_WIRE = {'fixed32': 5, 'fixed64': 1, 'double': 1, 'text': 2, 'bytes': 2, 'bool': 0,
         'chosen_bool': 0, 'int': 0, 'sint': 0}


def _varint(value):
    encoded = bytearray()
    while value > 0x7f:
        encoded.append(value & 0x7f | 0x80)
        value >>= 7
    return bytes(encoded + bytes([value]))


def _field(number, kind, value):
    if isinstance(kind, dict) or kind in ('text', 'bytes'):
        inner = encode(kind, value) if isinstance(kind, dict) else \
            value.encode() if kind == 'text' else value
        return _varint(number << 3 | 2) + _varint(len(inner)) + inner
    key = _varint(number << 3 | _WIRE[kind])
    if kind in _FIXED:
        return key + struct.pack(_FIXED[kind], value)
    if kind == 'sint':
        return key + _varint(value << 1 if value >= 0 else -(value << 1) - 1)
    return key + _varint(int(value))


def encode(message, values):
    encoded = b''
    for name, value in values.items():
        number, kind = message[name]
        if isinstance(kind, list):
            encoded += b''.join(_field(number, kind[0], each) for each in value)
        else:
            encoded += _field(number, kind, value)
    return encoded


def _read_varint(encoded, position):
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(encoded):
            raise ValueError('cut short')
        byte = encoded[position]
        position += 1
        value |= (byte & 0x7f) << shift
        if byte < 0x80:
            return value, position
    raise ValueError('a number without end')


def _raw_fields(encoded):
    position = 0
    while position < len(encoded):
        key, position = _read_varint(encoded, position)
        wire = key & 7
        if wire == 0:
            value, position = _read_varint(encoded, position)
        elif wire in (1, 2, 5):
            size = {1: 8, 5: 4}.get(wire)
            if size is None:
                size, position = _read_varint(encoded, position)
            value, position = encoded[position:position + size], position + size
            if position > len(encoded):
                raise ValueError('cut short')
        else:
            raise ValueError(f'wire type {wire}')
        yield key >> 3, wire, value


def _value(kind, raw):
    if isinstance(kind, dict):
        return decode(kind, raw)
    if kind in _FIXED:
        return struct.unpack(_FIXED[kind], raw)[0]
    if kind in ('text', 'bytes'):
        return raw.decode() if kind == 'text' else bytes(raw)
    if kind == 'sint':
        return raw >> 1 ^ -(raw & 1)
    return bool(raw) if kind in ('bool', 'chosen_bool') else raw


def _default(kind):
    if isinstance(kind, list):
        return []
    if isinstance(kind, dict):
        return None
    return {'text': '', 'bytes': b'', 'bool': False, 'chosen_bool': None,
            'double': None}.get(kind, 0)


def decode(message, encoded):
    """Every field of the message, with proto3's defaults; raises ValueError."""
    values = {name: _default(kind) for name, (_, kind) in message.items()}
    names = {number: name for name, (number, _) in message.items()}
    for number, wire, raw in _raw_fields(encoded):
        name = names.get(number)
        if name is None:
            continue
        kind = message[name][1]
        single = kind[0] if isinstance(kind, list) else kind
        if wire != (2 if isinstance(single, dict) else _WIRE[single]):
            raise ValueError(f'{name}: wire type {wire}')
        value = _value(single, raw)
        if isinstance(kind, list):
            values[name].append(value)
        else:
            values[name] = value
    return values


class GatewayMemory:
    """What the gateway's disk knows: it outlives a GatewayEnd."""

    def __init__(self):
        self.expected = {}  # (node, incarnation): the next sequence
        self.taken = []     # (node, incarnation, sequence, Readings), each once


class GatewayEnd:
    """The gateway's side of one line or bus. `feed` answers; nothing happens by itself.

    `unix_ms` is called for the time. With `dedup` false it takes every message that it gets, in
    any order: the end that tests hold against, to see them fail. `refuse(readings)` returns a cause
    or None; `hold` collects what came without committing it, `commit` does that.
    """

    def __init__(self, memory, unix_ms=lambda: 0, window=WINDOW_MAX, seed=0, dedup=True):
        self.memory, self.unix_ms, self.window, self.dedup = memory, unix_ms, window, dedup
        self.versions = (VERSION, VERSION)
        self.turn_away = None        # a cause, for everybody who says HELLO
        self.refuse = lambda readings: None
        self.hold = False
        self.updates = None
        self.reader = FrameReader()
        self.hellos, self.statuses = [], []  # as decoded
        self.unknown = self.gaps = self.turns_ended = 0
        self.sessions = {}           # address: session
        self._nodes = {}             # address: (node, incarnation)
        self._received = {}          # address: messages taken and not committed
        self._silent_turns = {}      # address: in a row
        self._random = random.Random(seed)

    def feed(self, received):
        return b''.join(self.answer(frame) for frame in self.reader.feed(received))

    def answer(self, frame):
        handler = {HELLO: self._hello, READINGS: self._readings, STATUS: self._status,
                   TURN_END: self._turn_end}.get(frame.type)
        if self.updates and frame.type in (UPDATE_ASK, UPDATE_STATE):
            handler = self.updates.answer
        if handler is None:
            self.unknown += 1
            return b''
        is_of_session = self.sessions.get(frame.address) == frame.session
        if frame.type not in (HELLO, TURN_END) and not is_of_session:
            return Frame(HELLO_AGAIN, frame.address, frame.session).pack()
        try:
            return handler(frame)
        except ValueError:
            return b''

    def poll(self, address):
        """Gives the turn."""
        session = self.sessions.get(address, 0)
        if not session:
            return Frame(POLL, address, 0, 0, self._ack_payload(0, 0, False)).pack()
        return self._ack(address, False, POLL)

    def note_turn(self, address, is_silent):
        """The turn is over. A node that has not got its WELCOME does not answer for its session."""
        self._silent_turns[address] = self._silent_turns.get(address, 0) + 1 if is_silent else 0
        if self._silent_turns[address] >= SILENT_TURNS_MAX:
            self.sessions.pop(address, None)

    def acknowledge(self, address=0):
        return self._ack(address, False)

    def commit(self, address=0):
        """What is held goes to the disk; returns the answers."""
        answers = b''
        for sequence, payload in self._received.get(address, []):
            answers += self._take(address, sequence, payload)
        self._received[address] = []
        return answers + (self._ack(address, False) if address in self.sessions else b'')

    def _hello(self, frame):
        hello = decode(NODE_HELLO, frame.payload)
        self.hellos.append(hello)
        cause = self.turn_away
        if not hello['version_min'] <= self.versions[1] or \
                not self.versions[0] <= hello['version_max']:
            cause = TURNED_AWAY_VERSION
        if cause is not None:
            payload = encode(NODE_TURNED_AWAY, {'cause': cause})
            return Frame(TURNED_AWAY, frame.address, 0, 0, payload).pack()
        if self._received.get(frame.address):
            self.commit(frame.address)
        node = hello['node'], hello['incarnation']
        expected = max(self.memory.expected.get(node, 1), hello['next'])
        self.memory.expected[node] = expected
        self._nodes[frame.address] = node
        session = self._random.randrange(1, 65536)
        self.sessions[frame.address] = session
        welcome = {'version': min(self.versions[1], hello['version_max']), 'node': hello['node'],
                   'window': self.window, 'unix_ms': self.unix_ms(),
                   'incarnation': hello['incarnation']}
        offer = self.updates.offer(frame.address, session, hello) if self.updates else b''
        return Frame(WELCOME, frame.address, session, expected,
                     encode(NODE_WELCOME, welcome)).pack() + offer

    def _readings(self, frame):
        if self.dedup and frame.sequence != self._expected(frame.address):
            self.gaps += 1
            return self._ack(frame.address, True)
        if self.hold:
            self._received.setdefault(frame.address, []).append((frame.sequence, frame.payload))
            return b''
        return self._take(frame.address, frame.sequence, frame.payload) + \
            self._ack(frame.address, False)

    def _take(self, address, sequence, payload):
        node = self._nodes[address]
        self.memory.expected[node] = sequence + 1
        try:
            readings = decode(READINGS_MESSAGE, payload)
            cause = self.refuse(readings)
        except ValueError:
            cause = MALFORMED
        if cause is None:
            self.memory.taken.append((*node, sequence, readings))
            return b''
        return Frame(REFUSED, address, self.sessions[address], sequence,
                     encode(NODE_REFUSED, {'cause': cause})).pack()

    def _status(self, frame):
        self.statuses.append(decode(NODE_STATUS, frame.payload))
        return self._ack(frame.address, frame.sequence > self._expected(frame.address))

    def _turn_end(self, frame):
        self.turns_ended += 1
        return b''

    def _expected(self, address):
        return self._committed(address) + len(self._received.get(address, []))

    def _committed(self, address):
        return self.memory.expected[self._nodes[address]]

    def _ack(self, address, gap, kind=ACK):
        payload = self._ack_payload(self._expected(address), self.window, gap)
        return Frame(kind, address, self.sessions[address], self._committed(address),
                     payload).pack()

    def _ack_payload(self, expected, window, gap):
        return encode(NODE_ACK, {'expected': expected, 'window': window, 'gap': gap,
                                 'unix_ms': self.unix_ms()})
