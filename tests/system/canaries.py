"""Invented identities that are looked for everywhere, in every encoding that somebody could have
written them in."""
import base64
import urllib.parse

PREFIXES = {  # what all canaries of a field begin with, so that a search is one look for it
    'device': 'Zq7Kx-meter-', 'customer': 'Zq7Kx-client-', 'phone': '+22177904',
    'email': 'zq7kx.amira.', 'iban': 'TN', 'modem': '02:5a:7e:', 'address': '10.1',
    'owner': 'Zqkxamiraben'}


def canary(field, number):
    """Of one length for a field."""
    return {
        'device': f'Zq7Kx-meter-{number:06d}',
        'customer': f'Zq7Kx-client-{number:06d}',
        'phone': f'+22177904{number:05d}',
        'email': f'zq7kx.amira.{number:06d}@example.org',
        'iban': iban(number),
        'modem': '02:5a:7e:' + ':'.join(f'{number:06x}'[i:i + 2] for i in (0, 2, 4)),
        'address': f'10.1{number // 10000:02d}.1{number // 100 % 100:02d}.1{number % 100:02d}',
        'owner': 'Zqkxamiraben' + letters(number),
    }[field]


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


class Search:
    """Looks for `count` canaries of every field."""

    def __init__(self, count):
        self._tables = []
        for field in PREFIXES:
            for name, encode in ENCODINGS.items():
                known = {}
                for number in range(count):
                    encoded = encode(canary(field, number))
                    if len(encoded) >= LEAST_BYTES:
                        known.setdefault(encoded, set()).add((field, number, name))
                self._add(known)

    def _add(self, known):
        """By length, with what all of one length begin or end with. Some encodings cut the last
        bits off, and then one text stands for several canaries."""
        lengths = {}
        for encoded, what in known.items():
            lengths.setdefault(len(encoded), {})[encoded] = what
        for length, table in lengths.items():
            begin = _common(list(table))
            end = _common([text[::-1] for text in table])[::-1]
            anchor, offset = (begin, 0) if len(begin) >= len(end) else (end, length - len(end))
            self._tables.append((anchor, offset, length, table))

    def found(self, content):
        """(field, number, encoding) of each that is in these bytes."""
        found = set()
        for anchor, offset, length, table in self._tables:
            at = content.find(anchor)
            while at >= 0:
                begin = at - offset
                found |= table.get(content[max(begin, 0):begin + length], set())
                at = content.find(anchor, at + 1)
        return found


def _common(texts):
    """What all of them begin with."""
    first, last = min(texts), max(texts)
    size = 0
    while size < len(first) and first[size] == last[size]:
        size += 1
    return first[:size]
