#!/usr/bin/python3
"""The reference receiver does what the batch contract says."""
import base64
import gzip
import hashlib
import http.client
import json
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import zstandard

sys.dont_write_bytecode = True
SUPPORT = Path(__file__).resolve().parents[2] / 'support'
sys.path.insert(0, str(SUPPORT))

from city_batch import load_protobuf  # noqa: E402

PROTOBUF = load_protobuf()
START_SECONDS_MAX = 30


def json_batch(first, last, key='k', values=None, **changes):
    readings = [
        {'sequence': sequence, 'device': f'd{sequence % 3}', 'quantity': 'water.volume',
         'value': 'VALUE', 'unit': 'm3', 'time': '2026-01-01T00:00:00.250Z',
         'time_quality': 'device', 'attributes': {}}
        for sequence in range(first, last + 1)]
    batch = {'gateway': 'g', 'dataset': 'water', 'batch': key, 'first_sequence': first,
             'last_sequence': last, 'readings': readings, **changes}
    text = json.dumps(batch)
    for value in values or ['1.50'] * len(readings):
        text = text.replace('"VALUE"', value, 1)
    return text.encode()


def gap_record(first, last, count, cause='size'):
    return {'cause': cause, 'first_sequence': first, 'last_sequence': last, 'count': count,
            'from': '2026-01-01T00:00:00.000Z', 'to': '2026-01-02T00:00:00.000Z'}


def protobuf_batch(first, values, key='k', gateway='g', dataset='water'):
    batch = PROTOBUF.Batch(
        gateway=gateway, dataset=dataset, batch=key, first_sequence=first,
        last_sequence=first + len(values) - 1, devices=['d0', 'd1'], attribute_sets=['{}'])
    batch.quantities.add(name='water.volume', unit='m3')
    last = {}
    for number, value in enumerate(values):
        device = number % 2
        batch.sequence_step.append(1 if number else 0)
        batch.device.append(device)
        batch.quantity.append(0)
        step = value - last.get(device, 0)
        batch.mantissa_step.append((step + 2**63) % 2**64 - 2**63)
        batch.exponent.append(-2)
        batch.time_step_ms.append(60_000 if device in last else 1_767_225_600_000)
        last[device] = value
    return batch


class ReceiverTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        self.start()
        self.addCleanup(self.stop)

    def start(self, *options):
        ready = self.directory / 'ready'
        ready.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, SUPPORT / 'city_receiver.py', '--database', self.directory / 'city.db',
             '--ready-file', ready, *options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS_MAX
        while not ready.exists():
            self.assertIsNone(self.process.poll())
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        self.port = json.loads(ready.read_text())['port']

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait(10)

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read(), response.headers
        finally:
            connection.close()

    def post(self, body, key='k', kind='application/json', **headers):
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        all_headers = {'Content-Type': kind, 'Idempotency-Key': key,
                       'Content-Digest': f'sha-256=:{digest}:'}
        all_headers.update({name.replace('_', '-'): value for name, value in headers.items()})
        return self.request('POST', '/v1/batches', body, all_headers)[0]

    def post_protobuf(self, batch, **headers):
        return self.post(batch.SerializeToString(), batch.batch, 'application/x-protobuf',
                         **headers)

    def summary(self):
        return json.loads(self.request('GET', '/summary')[1])

    def readings(self):
        text = self.request('GET', '/readings?limit=1000')[1]
        return json.loads(text, parse_float=str, parse_int=str)

    def test_a_json_batch_keeps_the_digits_of_its_values(self):
        values = ['1.50', '-0.007', '12000', '0', '1e-30', '9223372036854775807']
        self.assertEqual(self.post(json_batch(1, 6, values=values)), 200)
        stored = [reading['value'] for reading in reversed(self.readings())]
        self.assertEqual(stored, values[:4] + [f'0.{"0" * 29}1', values[5]])
        self.assertEqual(self.readings()[0]['time'], '2026-01-01T00:00:00.250Z')

    def test_every_coding_is_understood(self):
        for number, (coding, compress) in enumerate(
                [('identity', bytes), ('gzip', gzip.compress),
                 ('zstd', zstandard.ZstdCompressor().compress)]):
            body = compress(json_batch(number * 10 + 1, number * 10 + 10, coding))
            self.assertEqual(self.post(body, coding, Content_Encoding=coding), 200)
        self.assertEqual(self.summary()['readings'], 30)

    def test_a_protobuf_batch_gives_back_its_columns(self):
        values = [100, -5, 103, 2**63 - 1, -2**63, -2**63, 0]
        self.assertEqual(self.post_protobuf(protobuf_batch(7, values)), 200)
        stored = list(reversed(self.readings()))
        self.assertEqual([int(reading['value'].replace('.', '')) for reading in stored], values)
        self.assertEqual([reading['sequence'] for reading in stored],
                         [str(number) for number in range(7, 14)])
        self.assertEqual(stored[2]['time'], '2026-01-01T00:01:00.000Z')
        self.assertEqual(stored[1]['device'], 'd1')

    def test_the_same_batch_again_is_known(self):
        self.assertEqual(self.post(json_batch(1, 5)), 200)
        self.assertEqual(self.post(json_batch(1, 5)), 409)
        summary = self.summary()
        self.assertEqual((summary['readings'], summary['batches'], summary['duplicates']),
                         (5, 1, 0))

    def test_other_bytes_under_the_same_key_are_refused(self):
        self.assertEqual(self.post(json_batch(1, 5)), 200)
        self.assertEqual(self.post(json_batch(1, 6)), 422)
        summary = self.summary()
        self.assertEqual((summary['readings'], summary['key_conflicts']), (5, 1))

    def test_readings_that_are_known_are_counted_once(self):
        self.assertEqual(self.post(json_batch(1, 5, 'a'), 'a'), 200)
        self.assertEqual(self.post(json_batch(3, 8, 'b'), 'b'), 200)
        summary = self.summary()
        self.assertEqual((summary['readings'], summary['duplicates']), (8, 3))
        self.assertEqual(summary['out_of_order_per_device'], 0)

    def test_gaps_and_late_readings_are_counted(self):
        self.assertEqual(self.post(json_batch(1, 5, 'a'), 'a'), 200)
        self.assertEqual(self.post(json_batch(11, 15, 'b'), 'b'), 200)
        self.assertEqual(self.summary()['gaps'], 5)
        self.assertEqual(self.post(json_batch(6, 10, 'c'), 'c'), 200)
        summary = self.summary()
        self.assertEqual((summary['gaps'], summary['out_of_order_per_device']), (0, 5))

    def test_gaps_are_kept_once_and_checked(self):
        gap = gap_record(1, 9, 4)
        self.assertEqual(self.post(json_batch(10, 12, key='a', gaps=[gap]), 'a'), 200)
        self.assertEqual(self.post(json_batch(13, 14, key='b', gaps=[gap]), 'b'), 200)
        alone = PROTOBUF.Batch(gateway='g', dataset='air', batch='c', first_sequence=20,
                               last_sequence=29)
        alone.gaps.add(cause='retention', first_sequence=20, last_sequence=29, count=10,
                       from_ms=1, to_ms=2)
        self.assertEqual(self.post(alone.SerializeToString(), 'c', 'application/x-protobuf'), 200)
        summary = self.summary()
        self.assertEqual(summary['lost'], {'size': 4, 'retention': 10})
        self.assertEqual((summary['readings'], summary['overfull_gaps']), (5, 0))
        self.assertEqual(self.post(json_batch(2, 7, key='d'), 'd'), 200)
        self.assertEqual(self.summary()['overfull_gaps'], 1)

    def test_datasets_and_gateways_are_counted_apart(self):
        self.post_protobuf(protobuf_batch(1, [1, 2], 'a'))
        self.post_protobuf(protobuf_batch(3, [1, 2, 3], 'b', dataset='energy'))
        self.post_protobuf(protobuf_batch(1, [1], 'c', gateway='h'))
        summary = self.summary()
        self.assertEqual(summary['by_dataset'], {'water': 3, 'energy': 3})
        self.assertEqual(summary['gaps'], 0)

    def test_what_the_contract_does_not_allow_is_refused_and_counted(self):
        uneven = protobuf_batch(1, [1, 2], 'p')
        uneven.exponent.append(0)
        unknown_device = protobuf_batch(1, [1, 2], 'q')
        unknown_device.device[0] = 9
        cases = [
            ('content-digest', self.post(b'{}', Content_Digest='sha-256=:AAAA:')),
            ('json', self.post(b'{"gateway":')),
            ('protobuf', self.post(b'\xff\xff', kind='application/x-protobuf')),
            ('content-type', self.post(json_batch(1, 2), kind='text/plain')),
            ('content-encoding', self.post(json_batch(1, 2), Content_Encoding='br')),
            ('compression', self.post(b'no frame', Content_Encoding='zstd')),
            ('idempotency-key', self.post(json_batch(1, 2), key='other')),
            ('sequence-outside', self.post(json_batch(1, 2, last_sequence=1))),
            ('empty', self.post(json_batch(1, 0))),
            ('count', self.post_protobuf(uneven)),
            ('gap-cause', self.post(json_batch(1, 2, gaps=[gap_record(1, 2, 1, 'theft')]))),
            ('gap-count', self.post(json_batch(1, 2, gaps=[gap_record(1, 2, 3)]))),
        ]
        self.assertEqual([(cause, 400) for cause, _ in cases], cases)
        self.assertEqual(self.post_protobuf(unknown_device), 400)
        summary = self.summary()
        self.assertEqual(summary['errors'], {**{cause: 1 for cause, _ in cases}, 'protobuf': 2})
        self.assertEqual(summary['readings'], 0)

    def test_what_was_confirmed_survives_a_kill(self):
        self.assertEqual(self.post(json_batch(1, 5)), 200)
        self.stop(signal.SIGKILL)
        self.start()
        self.assertEqual(self.summary()['readings'], 5)
        self.assertEqual(self.post(json_batch(1, 5)), 409)

    def test_failures_are_played_by_plan(self):
        self.request('PUT', '/failures', 'refuse=1:9,unauthorised=1,too-large=2000')
        self.assertEqual(self.post(json_batch(1, 5)), 401)
        status, _, headers = self.request('POST', '/', b'')
        self.assertEqual((status, headers['Retry-After']), (503, '9'))
        self.assertEqual(self.post(json_batch(1, 100)), 413)
        self.assertEqual(self.post(json_batch(1, 5)), 200)
        self.request('PUT', '/failures', 'reject-value=1.5')
        self.assertEqual(self.post(json_batch(6, 9, 'b'), 'b'), 422)
        self.request('PUT', '/failures', 'drop-before=1')
        self.assertRaises(OSError, self.post, json_batch(6, 9, 'b'), 'b')
        self.assertEqual(self.summary()['readings'], 5)
        self.request('PUT', '/failures', 'drop-after=1')
        self.assertRaises(OSError, self.post, json_batch(6, 9, 'b'), 'b')
        self.assertEqual(self.summary()['readings'], 9)
        self.assertEqual(self.request('PUT', '/failures', 'explode=1')[0], 400)

    def test_other_paths_are_not_found(self):
        self.assertEqual(self.request('GET', '/nowhere')[0], 404)


if __name__ == '__main__':
    unittest.main()
