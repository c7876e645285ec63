"""What a gateway has on its disk: the columns of its tables and the fields of its readings."""
import contextlib
import ctypes
import ctypes.util
import json
import sqlite3
import struct
import zlib

import zstandard

# A body of a segment, see gateway/buffer/record_codec.hpp and sealed_body.hpp.
PLAIN, COMPRESSED, SEALED = 0, 1, 2
CHECKSUM_BYTES = 4
HEAD, NONCE_END = 17, 41
SEQUENCE_BITS = 48


def columns(database):
    """(table, column) of every table."""
    with contextlib.closing(sqlite3.connect(f'file:{database}?mode=ro', uri=True)) as db:
        tables = [name for name, in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        return {(table, row[1]) for table in tables
                for row in db.execute(f'PRAGMA table_info("{table}")')}


def attributes(database, keys):
    """The names of the attributes of every stored reading. `keys` is the gateway's key directory."""
    with contextlib.closing(sqlite3.connect(f'file:{database}?mode=ro', uri=True)) as db:
        bodies = [unsealed(row, body, keys)
                  for row, body in db.execute('SELECT key, body FROM segment')]
        buried = [text for text, in db.execute('SELECT attributes FROM dead_letter')]
    texts = buried + [text for body in bodies for text in attribute_sets(body)]
    return {name for text in texts for name in json.loads(text)}


def unsealed(row, body, keys):
    """What a sealed body of this row was before."""
    if body[0] != SEALED:
        raise ValueError(f'a segment of the form {body[0]}, which nobody has sealed')
    store, number = struct.unpack('<QQ', body[1:HEAD])
    key = (keys / 'segments' / f'{store}.{row >> SEQUENCE_BITS}.{number}.segment').read_bytes()
    covered = body[:HEAD] + struct.pack('<Q', row)
    text = body[NONCE_END:]
    opened = ctypes.create_string_buffer(len(text))
    size = ctypes.c_ulonglong()
    sodium = ctypes.CDLL(ctypes.util.find_library('sodium'))
    if sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
            opened, ctypes.byref(size), None, text, ctypes.c_ulonglong(len(text)), covered,
            ctypes.c_ulonglong(len(covered)), body[HEAD:NONCE_END], key) != 0:
        raise ValueError('a segment that its key does not open')
    return opened.raw[:size.value]


def attribute_sets(body):
    """The texts of a segment's attribute sets."""
    checked, checksum = body[:-CHECKSUM_BYTES], body[-CHECKSUM_BYTES:]
    if struct.unpack('<I', checksum)[0] != zlib.crc32(checked):
        raise ValueError('a segment with a wrong checksum')
    content = Content(inflated(checked))
    content.number()  # of readings
    for _ in range(content.number()):
        content.text()  # the quantity
        content.text()  # its unit
    return [content.text() for _ in range(content.number())]


def inflated(checked):
    form, payload = checked[0], checked[1:]
    if form == COMPRESSED:
        return zstandard.ZstdDecompressor().decompressobj().decompress(payload)
    if form != PLAIN:
        raise ValueError(f'a segment of the form {form}')
    return payload


class Content:
    """Reads varints and texts, one after another."""

    def __init__(self, content):
        self._content, self._at = content, 0

    def number(self):
        value = shift = 0
        while True:
            byte = self._content[self._at]
            self._at += 1
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return value

    def text(self):
        size = self.number()
        self._at += size
        return self._content[self._at - size:self._at].decode()
