"""A batch of the batch contract, decoded from its JSON or its protobuf form into columns."""
import gzip
import importlib
import io
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import accumulate
from pathlib import Path

import zstandard
from google.protobuf.message import DecodeError

ROOT = Path(__file__).resolve().parents[2]
BODY_BYTES_MAX = 64 << 20
DECODED_BYTES_MAX = 512 << 20
QUALITIES = ('device', 'gateway', 'corrected', 'uncertain')
CAUSES = ('size', 'retention', 'damaged', 'erased')  # of gaps
INT64_MAX = (1 << 63) - 1
INT64_MIN = -(1 << 63)


class BadBatch(Exception):
    """A batch that the contract does not allow; the text is the cause by which it is counted."""


@dataclass
class Gap:
    """Readings that will never come."""
    cause: str
    first: int
    last: int
    count: int
    from_ms: int
    to_ms: int

    def check(self):
        """Raises BadBatch unless the gap makes sense."""
        if self.cause not in CAUSES:
            raise BadBatch('gap-cause')
        if not 0 < self.first <= self.last or not 0 < self.count <= self.last - self.first + 1:
            raise BadBatch('gap-count')
        if self.from_ms > self.to_ms:
            raise BadBatch('gap-time')


@dataclass
class Erasure:
    """Readings of a person, which the recipient must erase: up to a sequence those of a device, or
    those with a value of an attribute."""
    device: str
    attribute: str
    value: str  # JSON
    last: int

    def check(self):
        """Raises BadBatch unless it tells by one of the two."""
        if bool(self.device) == bool(self.attribute) or not self.last > 0:
            raise BadBatch('erasure')


@dataclass
class Batch:
    gateway: str
    dataset: str
    id: str
    first_sequence: int
    last_sequence: int
    sequences: list
    devices: list      # names, one a reading, as all columns below
    quantities: list   # (name, unit)
    mantissas: list
    exponents: list
    times_ms: list
    qualities: list    # indices into QUALITIES
    attributes: list   # JSON objects as text
    gaps: list = field(default_factory=list)  # of Gap
    erasures: list = field(default_factory=list)  # of Erasure

    def check(self):
        """Raises BadBatch unless the readings are as the head of the batch says."""
        columns = (self.devices, self.quantities, self.mantissas, self.exponents, self.times_ms,
                   self.qualities, self.attributes)
        if any(len(column) != len(self.sequences) for column in columns):
            raise BadBatch('count')
        for notice in (*self.gaps, *self.erasures):
            notice.check()
        if not self.sequences:
            return self.check_alone()
        if self.sequences[0] < self.first_sequence or self.sequences[-1] > self.last_sequence:
            raise BadBatch('sequence-outside')
        if any(map(int.__ge__, self.sequences, self.sequences[1:])):
            raise BadBatch('sequence-order')


    def check_alone(self):
        """Of a batch without readings."""
        if self.gaps:
            span = (min(gap.first for gap in self.gaps), max(gap.last for gap in self.gaps))
        elif self.erasures:
            span = (max(erasure.last for erasure in self.erasures),) * 2
        else:
            raise BadBatch('empty')
        if span != (self.first_sequence, self.last_sequence):
            raise BadBatch('sequence-outside')


def load_protobuf():
    """The Python module of batch.proto, made by protoc in a directory that does not stay."""
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(
            ['protoc', f'--proto_path={ROOT}/proto', f'--python_out={directory}',
             f'{ROOT}/proto/passerelle/v1/batch.proto'], check=True)
        sys.path.insert(0, directory)
        try:
            return importlib.import_module('passerelle.v1.batch_pb2')
        finally:
            sys.path.remove(directory)


def decompress(body, encoding):
    """The content of a body; an encoding of None is recognised by its first bytes."""
    if encoding is None:
        encoding = {b'\x28\xb5': 'zstd', b'\x1f\x8b': 'gzip'}.get(body[:2], 'identity')
    try:
        if encoding == 'zstd':
            return zstandard.ZstdDecompressor().decompress(body, max_output_size=DECODED_BYTES_MAX)
        if encoding == 'gzip':
            return gzip.GzipFile(fileobj=io.BytesIO(body)).read(DECODED_BYTES_MAX)
    except (zstandard.ZstdError, OSError, EOFError) as error:
        raise BadBatch('compression') from error
    if encoding in ('', 'identity'):
        return body
    raise BadBatch('content-encoding')


def wrapped(number):
    return (number - INT64_MIN) % (1 << 64) + INT64_MIN


def undo_differences(message):
    """The columns of mantissas and times from their differences within each series."""
    last = {}
    columns = []
    series = zip(message.device, message.quantity)
    for key, mantissa, time in zip(series, message.mantissa_step, message.time_step_ms):
        before = last.get(key)
        if before:
            mantissa += before[0]
            time += before[1]
        last[key] = now = (mantissa, time)
        columns.append(now)
    mantissas = [mantissa for mantissa, _ in columns]
    if mantissas and not INT64_MIN <= min(mantissas) <= max(mantissas) <= INT64_MAX:
        mantissas = list(map(wrapped, mantissas))
    return mantissas, [time for _, time in columns]


def decode_protobuf(content, module):
    try:
        message = module.Batch.FromString(content)
        size = len(message.sequence_step)
        mantissas, times = undo_differences(message)
        quantities = [(quantity.name, quantity.unit) for quantity in message.quantities]
        sets = list(message.attribute_sets) or ['{}']
        return Batch(
            message.gateway, message.dataset, message.batch,
            message.first_sequence, message.last_sequence,
            list(accumulate(message.sequence_step, initial=message.first_sequence))[1:],
            list(map(list(message.devices).__getitem__, message.device)),
            list(map(quantities.__getitem__, message.quantity)),
            mantissas, list(message.exponent), times,
            list(message.time_quality) or [0] * size,
            list(map(sets.__getitem__, message.attributes)) or sets[:1] * size,
            [Gap(gap.cause, gap.first_sequence, gap.last_sequence, gap.count, gap.from_ms,
                 gap.to_ms) for gap in message.gaps],
            [Erasure(erasure.device, erasure.attribute, erasure.value, erasure.last_sequence)
             for erasure in message.erasures])
    except (ValueError, IndexError, DecodeError) as error:
        raise BadBatch('protobuf') from error


def decimal_of(number):
    """(mantissa, exponent) of a JSON number's text, digit by digit."""
    digits, _, power = number.lower().partition('e')
    whole, _, fraction = digits.partition('.')
    return int(whole + fraction), int(power or 0) - len(fraction)


def milliseconds_of(text):
    moment = datetime.fromisoformat(text.replace('Z', '+00:00'))
    since = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (since.days * 86400 + since.seconds) * 1000 + since.microseconds // 1000


def decode_json(content):
    try:
        # Numbers stay text; nothing else of the contract is a number but sequences.
        message = json.loads(content, parse_float=str, parse_int=str)
        readings = message['readings']
        decimals = [decimal_of(reading['value']) for reading in readings]
        return Batch(
            message['gateway'], message['dataset'], message['batch'],
            int(message['first_sequence']), int(message['last_sequence']),
            [int(reading['sequence']) for reading in readings],
            [reading['device'] for reading in readings],
            [(reading['quantity'], reading['unit']) for reading in readings],
            [mantissa for mantissa, _ in decimals], [exponent for _, exponent in decimals],
            [milliseconds_of(reading['time']) for reading in readings],
            [QUALITIES.index(reading['time_quality']) for reading in readings],
            [json.dumps(reading['attributes'], ensure_ascii=False) for reading in readings],
            [Gap(gap['cause'], int(gap['first_sequence']), int(gap['last_sequence']),
                 int(gap['count']), milliseconds_of(gap['from']), milliseconds_of(gap['to']))
             for gap in message.get('gaps', [])],
            [Erasure(erasure.get('device', ''), erasure.get('attribute', ''),
                     json.dumps(erasure['value']) if 'value' in erasure else '',
                     int(erasure['last_sequence']))
             for erasure in message.get('erasures', [])])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadBatch('json') from error


class Decoder:
    def __init__(self):
        self.protobuf = load_protobuf()

    def decode(self, body, content_type, encoding):
        """The checked batch in a body; raises BadBatch. A content type of None is recognised."""
        content = decompress(body, encoding)
        if content_type is None:
            content_type = 'application/json' if content[:1] == b'{' else 'application/x-protobuf'
        if content_type == 'application/json':
            batch = decode_json(content)
        elif content_type == 'application/x-protobuf':
            batch = decode_protobuf(content, self.protobuf)
        else:
            raise BadBatch('content-type')
        batch.check()
        return batch
