"""Packets that no good device sends, by what they attack. The classes are those by which brokers
were brought down: each names the fault, and under which cause the gateway counts it."""
from typing import NamedTuple, Optional

import mqtt_wire as wire
from mqtt_wire import V3_1_1, V5, packet, properties, text, variable

TOPIC = 'water/hostile/reading'
NAME = 'hostile'  # of the account that the hostile peer has
GOOD = b'{"m3":1}'
HUGE = b'\xff\xff\xff\x7f'  # the longest Remaining Length there can be: 256 MiB
USER_PROPERTY = b'\x26\x00\x01a\x00\x01b'


class Attack(NamedTuple):
    what: str
    content: bytes
    cause: Optional[str]  # None: the connection must survive it
    version: int = V3_1_1
    greets: bool = True  # after a good CONNECT, rather than instead of one


def _connect(body, version=V3_1_1, flags=2):
    return packet(0x10, text('MQTT') + bytes([version, flags, 0, 60]) + body)


def _publish(first, body, version=V3_1_1, content=b''):
    return packet(first, body + properties(version, content) + GOOD)


# Instead of a CONNECT, or a CONNECT that is none.
_NO_CONNECT = (
    ('PUBLISH first', wire.publish(TOPIC, GOOD, 0, 0)),
    ('PINGREQ first', wire.PING),
    ('SUBSCRIBE first', wire.subscribe(1, ['a'])),
    ('AUTH first', packet(0xf0)),
    ('CONNACK first', packet(0x20, b'\0\0')),
    ('type 0 first', packet(0)),
    ('huge CONNECT', b'\x10' + HUGE),
    ('huge PUBLISH first', b'\x30' + HUGE),
    ('length without end', b'\x10\xff\xff\xff\xff\x01'),
    ('CONNECT of a megabyte', packet(0x10, bytes(1 << 20))),
    ('reserved bits of CONNECT', b'\x11' + wire.connect('h')[1:]),
    ('reserved flag of CONNECT', _connect(text('h'), flags=3)),
    ('other protocol', packet(0x10, text('MQTX') + b'\x04\x02\0\x3c' + text('h'))),
    ('other level', _connect(text('h'), version=6)),
    ('empty CONNECT', packet(0x10)),
    ('client identifier longer than the packet', _connect(b'\xff\xffh')),
    ('client identifier not UTF-8', _connect(text(b'\xc3\x28'))),
    ('client identifier overlong UTF-8', _connect(text(b'\xc0\xaf'))),
    ('client identifier a surrogate', _connect(text(b'\xed\xa0\x80'))),
    ('client identifier with zero', _connect(text(b'a\0b'))),
    ('bytes behind the CONNECT body', _connect(text('h') + b'more')),
    ('password without a name', _connect(text('h') + text('secret'), flags=0x42)),
    ('will of QoS 3', _connect(text('h') + text('w') + text('x'), flags=0x1e)),
    ('will flags without a will', _connect(text('h'), flags=0x0a)),
    ('will with a wildcard', _connect(text('h') + text('w/#') + text('x'), flags=6)),
    ('lasting session without identifier', _connect(text(''), flags=0)))
# What follows the fixed part of a CONNECT of MQTT 5, and its flags.
_NO_CONNECT_5 = (
    ('properties longer than the packet', variable(200) + text('h'), 2),
    ('properties of four huge bytes', HUGE + text('h'), 2),
    ('unknown property', variable(2) + b'\x7e\0' + text('h'), 2),
    ('Receive Maximum twice', variable(6) + b'\x21\0\x0a' * 2 + text('h'), 2),
    ('Receive Maximum 0', variable(3) + b'\x21\0\0' + text('h'), 2),
    ('10,000 user properties',
     variable(10_000 * len(USER_PROPERTY)) + 10_000 * USER_PROPERTY + text('h'), 2),
    ('500 user properties',
     variable(500 * len(USER_PROPERTY)) + 500 * USER_PROPERTY + text('h'), 2),
    ('will properties cut short', b'\0' + text('h') + b'\x05\x18\0\0', 6),
    ('will property unknown', b'\0' + text('h') + b'\x02\x7e\0' + text('w') + text('x'), 6),
    ('will property of a PUBLISH only',
     b'\0' + text('h') + b'\x03\x23\0\1' + text('w') + text('x'), 6),
    ('will delay twice',
     b'\0' + text('h') + b'\x0a' + 2 * b'\x18\0\0\0\1' + text('w') + text('x'), 6),
    ('will response topic with a wildcard',
     b'\0' + text('h') + b'\x04\x08\0\x01#' + text('w') + text('x'), 6),
    ('will payload longer than the packet', b'\0' + text('h') + b'\0' + text('w') + b'\xff\xff', 6),
    ('proof without a method', variable(4) + b'\x16\0\1x' + text('h'), 2))
# In the name of a device that was let in.
_MALFORMED = (
    ('second CONNECT', wire.connect('h')),
    ('CONNACK from a client', packet(0x20, b'\0\0')),
    ('SUBACK from a client', packet(0x90, b'\0\1\0')),
    ('UNSUBACK from a client', packet(0xb0, b'\0\1')),
    ('PINGRESP from a client', packet(0xd0)),
    ('type 0', packet(0)),
    ('AUTH in 3.1.1', packet(0xf0)),
    ('huge PUBLISH', b'\x30' + HUGE),
    ('length without end', b'\x30\xff\xff\xff\xff\x01'),
    ('PINGREQ with a body', packet(0xc0, b'x')),
    ('PINGREQ with flags', b'\xc1\0'),
    ('PUBREL with wrong flags', b'\x60\x02\0\1'),
    ('PUBREL without identifier', packet(0x62)),
    ('PUBREL of identifier 0', packet(0x62, b'\0\0')),
    ('QoS 3', packet(0x36, text(TOPIC) + b'\0\1' + GOOD)),
    ('repetition of QoS 0', packet(0x38, text(TOPIC) + GOOD)),
    ('packet identifier 0', wire.publish(TOPIC, GOOD, 1, 0)),
    ('packet identifier missing', packet(0x32, text(TOPIC))),
    ('empty PUBLISH', packet(0x30)),
    ('empty topic', packet(0x30, text('') + GOOD)),
    ('topic longer than the packet', packet(0x30, b'\xff\xffwater')),
    ('topic with +', packet(0x30, text('water/+/reading') + GOOD)),
    ('topic with #', packet(0x30, text('water/#') + GOOD)),
    ('topic with zero', packet(0x30, text('water/a\0/reading') + GOOD)),
    ('topic not UTF-8', packet(0x30, text(b'water/\xff/reading') + GOOD)),
    ('topic cut in a letter', packet(0x30, text(b'water/\xe2\x82') + GOOD)),
    ('SUBSCRIBE to nothing', packet(0x82, b'\0\1')),
    ('SUBSCRIBE with wrong flags', packet(0x80, b'\0\1' + text('a') + b'\0')),
    ('SUBSCRIBE with QoS 3', wire.subscribe(1, ['a'], qos=3)),
    ('SUBSCRIBE of identifier 0', wire.subscribe(0, ['a'])),
    ('SUBSCRIBE to a/#/b', wire.subscribe(1, ['a/#/b'])),
    ('SUBSCRIBE to an empty filter', wire.subscribe(1, [''])),
    ('SUBSCRIBE to 65,535 filters', wire.subscribe(1, ['a'] * 65_535)),
    ('SUBSCRIBE to 2,000 filters', wire.subscribe(1, ['a'] * 2_000)),
    ('UNSUBSCRIBE from nothing', packet(0xa2, b'\0\1')),
    ('filter longer than the packet', packet(0x82, b'\0\1\xff\xffa\0')))
_MALFORMED_5 = (
    ('neither topic nor alias', _publish(0x30, text(''), V5)),
    ('alias 0', _publish(0x30, text(TOPIC), V5, b'\x23\0\0')),
    ('alias beyond the maximum', _publish(0x30, text(TOPIC), V5, b'\x23\xff\xff')),
    ('alias that nobody has set', _publish(0x30, text(''), V5, b'\x23\0\x05')),
    ('property length beyond the packet', packet(0x30, text(TOPIC) + b'\x7f' + GOOD)),
    ('property unknown', _publish(0x30, text(TOPIC), V5, b'\x7e\0')),
    ('property twice', _publish(0x30, text(TOPIC), V5, b'\x01\0\x01\0')),
    ('payload format 2', _publish(0x30, text(TOPIC), V5, b'\x01\x02')),
    ('subscription identifier in PUBLISH', _publish(0x30, text(TOPIC), V5, b'\x0b\x01')),
    ('10,000 user properties',
     _publish(0x30, text(TOPIC), V5, 10_000 * USER_PROPERTY)),
    ('response topic with a wildcard', _publish(0x30, text(TOPIC), V5, b'\x08\0\1+')),
    ('subscription identifier',
     packet(0x82, b'\0\1\x02\x0b\x01' + text('passerelle/hostile/x') + b'\0')),
    ('subscription with reserved bits', packet(0x82, b'\0\1\0' + text('a') + b'\xc0')),
    ('AUTH without an authentication', packet(0xf0, b'\x18\0')),
    ('PUBREL with a reason of another packet', packet(0x62, b'\0\1\x10\0')),
    ('DISCONNECT that prolongs no session', packet(0xe0, b'\0\x05\x11\0\0\0\x3c')),
    ('DISCONNECT with an unknown reason', packet(0xe0, b'\x7f\0')))
# A connection survives these.
_REFUSED = (
    ("somebody else's topic in MQTT 5",
     wire.publish('water/other/reading', GOOD, 1, 1, V5), V5),
    ('payload that is none in MQTT 5', wire.publish(TOPIC, b'\xff', 1, 1, V5), V5),
    ('PUBREL of what was never sent', wire.acknowledgement(wire.PUBREL, 9), V3_1_1),
    ('PUBACK of what was never sent', wire.acknowledgement(wire.PUBACK, 9), V5),
    ('SUBSCRIBE to everything', wire.subscribe(1, ['#', '+/+', '$SYS/#']), V3_1_1),
    ('SUBSCRIBE to all commands',
     wire.subscribe(1, ['passerelle/+/x', 'passerelle/#'], V5), V5),
    ('shared subscription', wire.subscribe(1, ['$share/a/passerelle/hostile/x'], V5), V5),
    ('65,535 subscriptions', b''.join(
        wire.subscribe(1 + first, [f'passerelle/hostile/{first + i}' for i in range(1_000)])
        for first in range(0, 65_000, 1_000)), V3_1_1))

def before_connect(password):
    """Attacks by those that nobody has let in."""
    for what, content in _NO_CONNECT:
        yield Attack(what, content, 'bad-connect', greets=False)
    for what, content, flags in _NO_CONNECT_5:
        yield Attack(what, _connect(content, V5, flags), 'bad-connect', V5, greets=False)
    yield from _strangers(password)


def _strangers(password):
    """Each says MQTT well, but cannot be who it says."""
    for what, content, cause in (
            ('name #', wire.connect('h', name='#', password=password), 'unauthenticated'),
            ('name +', wire.connect('h', name='+', password=password), 'unauthenticated'),
            ('no name', wire.connect('h'), 'unauthenticated'),
            ('wrong password', wire.connect('h', name=NAME, password='guess'), 'unauthenticated'),
            ('other authentication', _connect(variable(4) + b'\x15\0\1x' + text('h'), V5),
             'unauthenticated'),
            ('client identifier with a line end',
             wire.connect('a\nb', name=NAME, password=password), 'client-id'),
            ('client identifier of 300 bytes',
             wire.connect('c' * 300, name=NAME, password=password), 'client-id')):
        yield Attack(what, content, cause, greets=False)


def after_connect():
    """Attacks by a device that was let in."""
    for what, content in _MALFORMED:
        yield Attack(what, content, 'malformed')
    for what, content in _MALFORMED_5:
        yield Attack(what, content, 'malformed', V5)
    for what, content, version in _REFUSED:
        yield Attack(what, content, None, version)
    for topic, payload, cause in (('water/other/reading', GOOD, 'not-authorised'),
                                  ('water/hostile', GOOD, 'not-authorised'),
                                  (TOPIC, b'\xff\xfe', 'refused')):
        yield Attack(f'{topic} {payload}', wire.publish(topic, payload, 1, 1), cause)
