#!/usr/bin/python3
"""Writes files for a fuzzer to start from, of what the tests and the tree hold.

Usage: seeds.py <fuzzer> <folder>. The fuzzer fuzz_decode_<a_b> gets the payloads of every format
whose name its own begins with: tests/corpus/<a-b>/*.jsonl. fuzz_settings gets config/*.toml;
fuzz_damaged_file databases with their logs; fuzz_json_mapping the payloads of JSON behind a
mapping; fuzz_record_codec, fuzz_coap, fuzz_manifest, fuzz_pack and fuzz_sealed_body what the heads
of their sources describe; fuzz_serial what a node says by tests/support/serial_link.py,
fuzz_device_link and fuzz_device_update steps of one; fuzz_personal_forms an identity of each form,
in several spellings; fuzz_mqtt_codec the packets of mqtt_packets.txt: one a line, who receives it,
version, bytes.
"""
import hashlib
import json
import sqlite3
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = ROOT / 'tests' / 'corpus'
sys.path.insert(0, str(ROOT / 'tests' / 'support'))

import serial_link  # noqa: E402


def payloads(format_name):
    for path in sorted(CORPUS.glob('*/*.jsonl')):
        if not format_name.startswith(path.parent.name):
            continue
        for line in path.read_text(encoding='utf-8').splitlines():
            case = json.loads(line)
            digits = case.get('input_hex')
            yield case['input'].encode() if digits is None else bytes.fromhex(digits)


def configurations():
    return (path.read_bytes() for path in sorted(ROOT.glob('config/**/*.toml')))


def mapped_messages():
    one = b'device /id\ntime /t\nreading /a\nreading /b/c\nattribute /at\n\n'
    many = b'samples /s\ntime /t\nreading /v\nreading /0\nattribute /site\n\n'
    yield one + b'{"id":"m","t":"2026-03-01T06:00:00Z","a":1,"b":{"c":-2.5e3},"at":{"lat":1,"lon":2}}'
    yield many + b'{"site":"x","s":[{"t":1767225600,"v":1.50},{"t":1767225660,"v":true,"0":3}]}'
    for payload in payloads('json'):
        yield one + payload
        yield many + payload


def column(*values):
    """A column whose values are below 128."""
    if len(set(values)) == 1:
        return bytes([1 << 1 | 1, values[0]])
    return bytes([len(values) << 1, *values])


def segments():
    quantity = b'\x0cwater.volume' + b'\x02m3'
    one = b'\x01' + b'\x01' + quantity + b'\x00' + column(2) * 7
    two = b'\x02' + b'\x01' + quantity + b'\x01' + b'\x02{}' + column(2, 4) + column(0, 0)
    two += column(0, 1) + column(0, 1) + column(2, 0) + column(8, 6) + column(9, 2)
    yield b'\x00' + b'\x00' + one + bytes(4)
    yield b'\x01' + one.replace(column(2) * 7, column(2) + column(0) * 3 + column(2) * 3)
    yield b'\x01' + two
    yield b'\x02' + bytes(range(200))
    yield b'\x02' + bytes(64)


def option(delta, value):
    """Delta and length below 13, or 14 with one byte more."""
    more = bytes([delta - 13]) if delta > 12 else b''
    return bytes([min(delta, 13) << 4 | len(value)]) + more + value


def datagram(number, payload, block=None, path=b'air'):
    head = bytes([0x42, 0x02]) + number.to_bytes(2, 'big') + b'tk'
    options = option(11, path) + option(1, b'\x32')
    if block is not None:
        options += option(15, bytes([block]))
    packet = head + options + b'\xff' + payload
    return bytes([number % 3]) + len(packet).to_bytes(2, 'big') + packet


def conversations():
    yield datagram(0, b'{"pm25":1}')
    # Block1: number, more, and the size 16 in one byte.
    blocks = [datagram(3 * n, b'a' * 16, n << 4 | 8) for n in range(3)]
    yield b''.join(blocks) + datagram(9, b'end', 3 << 4)
    yield blocks[0] + blocks[2] + blocks[1]
    yield blocks[0] + datagram(4, b'b' * 16, 8) + blocks[1] + datagram(7, b'x', 1 << 4)
    yield blocks[0] + datagram(3, b'a' * 16, 1 << 4 | 8, path=b'gas')
    yield from update_requests()


def update_requests():
    """What a device asks of updates: an offer, blocks of an image, a state."""
    def question(method, path, *more, payload=b''):
        packet = bytes([0x42, method, 0, 1]) + b'tk'
        for number, segment in enumerate(path):
            packet += option(0 if number else 11, segment)
        packet += b''.join(option(*one) for one in more) + (payload and b'\xff' + payload)
        return bytes([1]) + len(packet).to_bytes(2, 'big') + packet

    queries = (b'vendor=acme', b'class=m', b'firmware=1', b'settings=2', b'trial=0', b'bytes=9')
    asked = [(0 if number else 4, query) for number, query in enumerate(queries)]
    yield question(1, (b'firmware', b'offer'), *asked)
    for block in (b'\x02', b'\x16', b'\xff\xff\xf6'):
        yield question(1, (b'firmware', b'image', b'1'), (12, block))
    yield question(2, (b'firmware', b'state'), (1, b'\x2a'), payload=b'\x08\x07\x18\x02')


def identities():
    spellings = (
        ('192.0.2.77', '::ffff:192.0.2.77', '2001:db8:0:0:1::1', '2002:c000:24d::1'),
        ('00:1b:c5:0a:bc:de', '001B.C50A.BCDE', '00-11-22-33-44-55-66-77'),
        ('+216 71 123 456', '0033 (0)6 12 34 56 78', 'tel:07-01-23-45-67', '٧١١٢٣٤٥٦'),
        ('Amira.Benali@example.org', 'a+b@x.tn'),
        ('FR14 2004 1010 0505 0001 3M02 606', 'NO9386011117947'),
        ('N’Diaye-Sène', 'Œuvrard Łukasz', 'مُحَمَّد'))
    for form, texts in enumerate(spellings, 1):
        for text in texts:
            for country in range(4):
                yield bytes([form + 7 * country]) + text.encode()
    yield b'\0call +216 71 123 456 or a@x.tn'
    yield b'\0from 10.0.0.1, fe80::1%eth0'


def packets():
    """Each packet alone, and behind the one that has to come first."""
    lines = (ROOT / 'tests' / 'fuzz' / 'mqtt_packets.txt').read_text(encoding='utf-8').splitlines()
    for receiver, version, digits in map(str.split, lines):
        selector = bytes([(receiver == 'client') | (version == '5') << 1])
        connect = b'\x10\x0c\0\4MQTT\4\2\0\0\0\0' if version != '5' else \
            b'\x10\x0d\0\4MQTT\5\2\0\0\0\0\0'
        connack = b'\x20\2\0\0' if version != '5' else b'\x20\3\0\0\0'
        packet = bytes.fromhex(digits)
        yield selector + packet
        yield selector + (connack if receiver == 'client' else connect) + packet


def databases():
    """Small ones, with rows in tables, indices and overflow pages, in the file and in its log."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, 'seed.db')
        connection = sqlite3.connect(path, isolation_level=None)
        connection.executescript("""
            PRAGMA page_size=4096; PRAGMA journal_mode=WAL;
            CREATE TABLE device (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
            CREATE TABLE ledger (uplink TEXT, counter TEXT, count INTEGER,
                                 PRIMARY KEY (uplink, counter)) WITHOUT ROWID;
            INSERT INTO device VALUES (1, 'a'), (-7, NULLIF('x', '')), (300, 'b');
            INSERT INTO ledger VALUES ('', 'stored', 70000), ('city', 'delivered', 1.5);""")
        yield from image(path)
        connection.execute('INSERT INTO device VALUES (9, ?)', ('long ' * 1500,))
        yield from image(path)
        connection.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        yield from image(path)
        connection.close()


def image(path):
    database, log = path.read_bytes(), Path(f'{path}-wal').read_bytes()
    yield bytes([len(database) // 4096]) + database + log


def packs():
    piece = b'\4\5\0hello'
    for block in (piece, piece + b'\5\2\0{}' + bytes(64), b'\1\xff\xff' + bytes(9), b'\6\1\0x'):
        yield b'\0' + block
    for place in (0, 4, 84, 108, 124, 200):  # the parts of a stream
        yield b'\1' + place.to_bytes(2, 'little') + b'\1'
    yield b'\1'


def sealed_bodies():
    body = b'\2' + (3).to_bytes(8, 'little') + (9).to_bytes(8, 'little') + bytes(24 + 64 + 16)
    yield b'\0' + body
    yield b'\0' + body[:56]
    for place in (0, 1, 9, 17, 41, 110):  # the parts of a body
        yield b'\1' + bytes([place, 1])
    yield b'\1'


def lines():
    """A welcome, readings, and what acknowledges them, on a line and on a bus."""
    welcome = b'\x08\x01\x12\x04node\x18\x08\x2d\x07\0\0\0'
    ack = b'\x08\x02\x10\x08\x18\x01'
    for bus in range(2):
        begin = bytes([bus, 4, 0, 0, 2, 5, 0, 0, len(welcome)]) + welcome + bytes([6, 1, 6, 2])
        for kind in (3, 4):
            for near in (0, 1, 2, 255):
                yield begin + bytes([kind, near, len(ack)]) + ack + bytes([5, 0xe8, 3])
    yield bytes([0, 7, 1, 6, 0, 0, 3]) + b'\x01\0\xff'


def updates():
    """Images of zeros and settings, offered, fetched and started; and an image below the floor, or
    one that wears out."""
    head = b'\x08\x01\x12\x01v\x1a\x01c'
    contents = [b'\x3a\x24\x08' + bytes([size]) + b'\x12\x20' + bytes(32) for size in (1, 100)]
    contents += [b'\x3a\x25\x08\x80\x08\x12\x20' + bytes(32), b'\x42\x02\x08\x3c']

    def offered(sequence, content):
        manifest = head + b'\x20' + bytes([sequence]) + b'\x29' + b'\xff' * 8 + content
        offer = b'\x0a' + bytes([len(manifest)]) + manifest + b'\x12\x40' + b'\1' * 64
        return bytes([0, len(offer)]) + offer

    confirmed = b'\2\7\6\7'
    for other in (4, 6):
        yield b''.join(offered(sequence, contents[0]) + confirmed for sequence in (5, other))
    worn_out = b'\x08\0\4'
    first, second = (offered(sequence, contents[0]) + confirmed for sequence in (5, 6))
    yield first + worn_out
    yield first + second + worn_out + second
    for content in contents:
        begin = offered(5, content)
        yield begin + b'\2' * 6 + b'\3\0\7\6\7\4'
        yield begin + b'\2\2\4' + b'\2' * 6 + b'\4\4\4\4\4'
        yield begin + b'\5\1\2\2' + b'\1\2\5\0'


def manifests():
    """Of an image, of settings and for one node: signed by nobody, bare, and in a command."""
    head = b'\x08\x01\x12\x01v\x1a\x01c\x20\x05\x29\xff\xff\xff\x7f\0\0\0\0'
    for content in (b'\x3a\x24\x08\x01\x12\x20' + bytes(32), b'\x42\x02\x08\x3c',
                    b'\x32\x01n\x42\x02\x08\x3c'):
        manifest = head + content
        envelope = b'\x0a' + bytes([len(manifest)]) + manifest + b'\x12\x40' + b'\1' * 64
        yield b'\0' + envelope
        yield b'\1' + manifest
        yield b'\2' + len(envelope).to_bytes(2, 'little') + envelope + b'x'
    yield b'\2{"number":3,"up_to":"tenth"}'


def serial_talk():
    """What a node on a serial line says, as its frames and as their contents."""
    who = serial_link.encode(serial_link.NODE_HELLO, {
        'version_min': 1, 'version_max': 1, 'node': 'a', 'incarnation': 0x11121314, 'next': 1,
        'vendor': 'v', 'device_class': 'c', 'firmware': 1, 'image_bytes_max': 9})
    hello = serial_link.Frame(serial_link.HELLO, 1, payload=who)
    message = serial_link.Frame(serial_link.READINGS, 1, 1, 1, b'\x0a\x01m')
    yield hello.pack() + message.pack() + b'noise\0' + message.pack()
    for address in (0, 1):
        said = [bytes([serial_link.HELLO, address, 8, 1]) + who]
        said += [bytes([kind, address, 1, number]) + b'\x0a\x01m'
                 for number in range(1, 12) for kind in (serial_link.READINGS, serial_link.STATUS)]
        # UPDATE-ASK of bytes of an image, and UPDATE-STATE: VERIFIED, FAILED.
        said += [bytes([0x40, address, 1, number]) + b'\x08\x01\x10\x20' for number in range(1, 4)]
        said += [bytes([0x41, address, 1, 1]) + b'\x08\x01\x18' + bytes([state])
                 for state in (2, 5)]
        yield b'\0'.join(said)


SOURCES = {
    'fuzz_device_link': lines,
    'fuzz_device_update': updates,
    'fuzz_damaged_file': databases,
    'fuzz_settings': configurations,
    'fuzz_json_mapping': mapped_messages,
    'fuzz_record_codec': segments,
    'fuzz_coap': conversations,
    'fuzz_personal_forms': identities,
    'fuzz_mqtt_codec': packets,
    'fuzz_manifest': manifests,
    'fuzz_pack': packs,
    'fuzz_sealed_body': sealed_bodies,
    'fuzz_serial': serial_talk,
}


def seeds_of(fuzzer):
    if fuzzer in SOURCES:
        return SOURCES[fuzzer]()
    return payloads(fuzzer.removeprefix('fuzz_decode_').replace('_', '-'))


def main(fuzzer, folder):
    for seed in seeds_of(fuzzer):
        Path(folder, hashlib.sha1(seed).hexdigest()).write_bytes(seed)


if __name__ == '__main__':
    main(*sys.argv[1:])
