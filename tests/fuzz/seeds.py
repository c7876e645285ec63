#!/usr/bin/python3
"""Writes inputs as files for a fuzzer to start from.

Usage: seeds.py <fuzzer> <folder>. The fuzzer fuzz_decode_<a_b> gets the payloads of every format
whose name its own begins with: tests/corpus/<a-b>/*.jsonl. fuzz_settings gets config/*.toml, and
fuzz_mqtt_codec the packets of mqtt_packets.txt: one a line, who receives it, version, bytes.
"""
import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = ROOT / 'tests' / 'corpus'


def payloads(fuzzer):
    format_name = fuzzer.removeprefix('fuzz_decode_').replace('_', '-')
    for path in sorted(CORPUS.glob('*/*.jsonl')):
        if not format_name.startswith(path.parent.name):
            continue
        for line in path.read_text(encoding='utf-8').splitlines():
            case = json.loads(line)
            digits = case.get('input_hex')
            yield case['input'].encode() if digits is None else bytes.fromhex(digits)


def configurations():
    return (path.read_bytes() for path in sorted(ROOT.glob('config/**/*.toml')))


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


def main(fuzzer, folder):
    special = {'fuzz_settings': configurations, 'fuzz_mqtt_codec': packets}
    inputs = special[fuzzer]() if fuzzer in special else payloads(fuzzer)
    for payload in inputs:
        Path(folder, hashlib.sha1(payload).hexdigest()).write_bytes(payload)


if __name__ == '__main__':
    main(*sys.argv[1:])
