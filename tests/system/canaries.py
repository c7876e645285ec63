"""Invented identities that are looked for everywhere, in every encoding that somebody could have
written them in."""
import base64
import re
import urllib.parse
from functools import cached_property


def canary(field, number):
    """Of one length for a field."""
    return _CANARIES[field](number)


def iban(number):
    """A Tunisian account with right check digits (ISO 7064, MOD 97-10)."""
    account = f'10006{number:015d}'
    check = 98 - int(account + '292300') % 97
    return f'TN{check:02d}{account}'


def letters(number):
    text = ''
    for _ in range(4):
        number, letter = divmod(number, 26)
        text += chr(ord('a') + letter)
    return text


_CANARIES = {
    'device': lambda number: f'Zq7Kx-meter-{number:06d}',
    'customer': lambda number: f'Zq7Kx-client-{number:06d}',
    'phone': lambda number: f'+22177904{number:05d}',
    'email': lambda number: f'zq7kx.amira.{number:06d}@example.org',
    'iban': iban,
    'modem': lambda number: '02:5a:7e:' + ':'.join(f'{number:06x}'[i:i + 2] for i in (0, 2, 4)),
    'address': lambda number: f'10.1{number // 10000:02d}.1{number // 100 % 100:02d}'
                              f'.1{number % 100:02d}',
    'owner': lambda number: 'Zqkxamiraben' + letters(number)}
FIELDS = tuple(_CANARIES)


def _base64_inside(text, offset):
    """The characters that `text` has in Base64 whatever stands around it, `offset` bytes in."""
    whole = base64.b64encode(b'\0' * offset + text)
    first = -(-offset * 4 // 3)
    return whole[first:(offset + len(text)) * 4 // 3]


def _packed_digits(text):
    digits = ''.join(character for character in text if character.isdigit())
    return bytes.fromhex(digits[:len(digits) // 2 * 2]) if len(digits) >= 8 else b''


def _raw_address(text):
    parts = text.split('.')
    return bytes(map(int, parts)) if len(parts) == 4 and text.replace('.', '').isdigit() else b''


def _raw_hex(text):
    return bytes.fromhex(text.replace(':', '')) if text.count(':') == 5 else b''


def _number(text, order):
    digits = text.lstrip('+')
    return int(digits).to_bytes(8, order) if digits.isdigit() else b''


ENCODINGS = {
    'utf-8': lambda text: text.encode(),
    'lower case': lambda text: text.lower().encode(),
    'upper case': lambda text: text.upper().encode(),
    'without signs': lambda text: ''.join(filter(str.isalnum, text)).encode(),
    'utf-16 le': lambda text: text.encode('utf-16-le'),
    'utf-16 be': lambda text: text.encode('utf-16-be'),
    'hex': lambda text: text.encode().hex().encode(),
    'hex, upper case': lambda text: text.encode().hex().upper().encode(),
    'base64 at 0': lambda text: _base64_inside(text.encode(), 0),
    'base64 at 1': lambda text: _base64_inside(text.encode(), 1),
    'base64 at 2': lambda text: _base64_inside(text.encode(), 2),
    'url': lambda text: urllib.parse.quote(text, safe='').encode(),
    'json escapes': lambda text: ''.join(f'\\u{ord(c):04x}' for c in text).encode(),
    'backwards': lambda text: text.encode()[::-1],
    'packed digits': _packed_digits,
    'octets': _raw_address,
    'hardware address': _raw_hex,
    'number, big endian': lambda text: _number(text, 'big'),
    'number, little endian': lambda text: _number(text, 'little'),
}
LEAST_BYTES = 6  # what is shorter is found by chance
CONSTANT_BYTES_MIN = 3


class Search:
    """Looks for `count` canaries of every field, in time and memory that hardly grow with them.

    All canaries of a field have the same bytes in some place of an encoding. Those are looked for,
    and only where they stand the canaries are told apart: by a table that is not made before.
    """

    def __init__(self, count):
        self._forms = [form for field in FIELDS for name in ENCODINGS
                       for form in _forms(field, name, count)]

    def found(self, content):
        """(field, number, encoding) of each that is in these bytes."""
        return {what for form in self._forms for what in form.found(content)}


def encoded(field, name, count):
    """(number, bytes) of the canaries of a field, without those that are too short."""
    for number in range(count):
        text = ENCODINGS[name](canary(field, number))
        if len(text) >= LEAST_BYTES:
            yield number, text


def _forms(field, name, count):
    """By length: some encodings have more than one."""
    differences = {}
    for _, text in encoded(field, name, count):
        value = int.from_bytes(text, 'big')
        first, different = differences.get(len(text), (value, 0))
        differences[len(text)] = first, different | first ^ value
    for length, (first, different) in differences.items():
        yield _Form(field, name, count, first.to_bytes(length, 'big'),
                    different.to_bytes(length, 'big'))


class _Form:
    """The canaries of a field in one encoding and of one length. `different` has a zero wherever
    all of them have the same byte, the one of `first`."""

    def __init__(self, field, name, count, first, different):
        self._what = field, name, count
        self._length = len(first)
        self._offset, size = _longest_zeros(different)
        self._constant = first[self._offset:self._offset + size]
        assert size >= CONSTANT_BYTES_MIN, (field, name)

    def found(self, content):
        field, name, _ = self._what
        at = content.find(self._constant)
        while at >= 0:
            begin = at - self._offset
            if begin >= 0:
                for number in self._numbers.get(content[begin:begin + self._length], ()):
                    yield field, number, name
            at = content.find(self._constant, at + 1)

    @cached_property
    def _numbers(self):
        """Some encodings cut the last bits off, and then one text stands for several canaries."""
        numbers = {}
        for number, text in encoded(*self._what):
            if len(text) == self._length:
                numbers.setdefault(text, []).append(number)
        return numbers


def _longest_zeros(text):
    """(where, how many)"""
    runs = [match.span() for match in re.finditer(rb'\0+', text)] or [(0, 0)]
    begin, end = max(runs, key=lambda run: run[1] - run[0])
    return begin, end - begin
