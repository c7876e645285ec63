#!/usr/bin/python3
"""Writes the payloads of the corpus as files for a fuzzer to start from.

Usage: seeds.py <fuzzer> <folder>. The fuzzer fuzz_decode_<a_b> gets the payloads of every format
whose name its own begins with: tests/corpus/<a-b>/*.jsonl. fuzz_settings gets config/*.toml.
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


def main(fuzzer, folder):
    for payload in configurations() if fuzzer == 'fuzz_settings' else payloads(fuzzer):
        Path(folder, hashlib.sha1(payload).hexdigest()).write_bytes(payload)


if __name__ == '__main__':
    main(*sys.argv[1:])
