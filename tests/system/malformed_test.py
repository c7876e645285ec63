"""Bad input of every kind is counted by its cause and disturbs nobody else."""
import json
import random
import time
import unittest

from coap_client import CONTENT_FORMATS, CoapClient
from harness import StageTest, eventually
from load import publish, stamp

ROUNDS = 200
NOISE_DATAGRAMS = 5000
NOISE_SEED = 20260301
GROWTH_BYTES_MAX = 64 << 20
SENML = CONTENT_FORMATS['senml-json']

# Payloads at water/{device}/reading and how each is counted.
JSON = [
    (b'no reading at all', 'not-this-format'),
    (b'{"m3": 1', 'truncated'),
    (b'{"m3": 1,,}', 'malformed'),
    (b'{"other": 1}', 'missing-field'),
    (b'{"m3": "one"}', 'wrong-type'),
    (b'{"m3": 1e400}', 'not-representable'),
    (b'{"m3": -5}', 'implausible-value'),
    (b'{"m3": 1, "ts": "1970-01-01T00:00:00Z"}', 'implausible-time'),
    (b'{"m3": 1, "x": "' + b'y' * 5000 + b'"}', 'too-large'),
    (b'[' * 2000 + b'1' + b']' * 2000, None),
    (b'\xff\xfe\x00\x01', None),
    (b'', None)]
# At air/{device}; CoAP answers each with a client error.
SENML_JSON = [
    (b'no reading at all', None),
    (b'[{"n": "pm10", "v": 1', None),
    (b'[{"n": "unheard-of", "v": 1}]', 'unknown-quantity'),
    (b'[{"n": "pm10", "u": "kg", "v": 1}]', 'wrong-unit'),
    (b'[{"n": "pm10", "vs": "much"}]', 'not-numeric'),
    (b'[{"bver": 99, "n": "pm10", "v": 1}]', None),
    (b'', None)]


class Malformed(StageTest):
    def test_bad_payloads_are_counted_by_cause_and_valid_readings_arrive(self):
        now_ms = int(time.time()) * 1000
        before = None
        for number in range(ROUNDS):
            publish(self.ports.mqtt, [
                *((f'water/bad-{number}/reading', payload) for payload, _ in JSON),
                ('water/good/reading', json.dumps({'ts': stamp(now_ms + number), 'm3': number}))])
            before = before or self.gateway.resident_bytes()
        received = ROUNDS * (len(JSON) + 1)
        eventually(lambda: self.gateway.ledger()['received'] >= received, 'everything is counted')
        ledger = self.delivered()
        self.assertEqual(ledger['received'], received)
        self.assertEqual(ledger['stored'], ROUNDS)
        self._check_causes(ledger['refused'], JSON, ROUNDS)
        self.assertEqual([int(reading.value) for reading in self.city.readings()],
                         list(range(ROUNDS)))
        self.assertLess(self.gateway.resident_bytes() - before, GROWTH_BYTES_MAX)

    def test_bad_requests_get_a_client_error_each(self):
        client = CoapClient(self.ports.senml_json)
        self.addCleanup(client.close)
        for payload, _ in SENML_JSON:
            with self.subTest(payload=payload[:40]):
                self.assertEqual(self._post(client, 'air/bad', payload)[0], '4')
        self.assertEqual(self._post(client, 'nowhere/bad', b'[{"n":"pm10","v":1}]'), '4.04')
        self.assertEqual(self._post(client, 'air/good', b'[{"n":"pm10","v":1}]'), '2.04')
        ledger = self.delivered()
        self.assertEqual(ledger['stored'], 1)
        self.assertEqual(ledger['refused'].pop('unknown-topic'), 1)
        self._check_causes(ledger['refused'], SENML_JSON, 1)

    def test_datagrams_of_noise_stop_nothing(self):
        chance = random.Random(NOISE_SEED)
        noise = CoapClient(self.ports.senml_json)
        self.addCleanup(noise.close)
        before = self.gateway.resident_bytes()
        for _ in range(NOISE_DATAGRAMS):
            # Half of them begin like a confirmable POST.
            head = bytes([0x40 | chance.randrange(9), 2]) if chance.random() < 0.5 else b''
            noise.send(head + chance.randbytes(chance.randrange(80)))
        client = CoapClient(self.ports.senml_json)
        self.addCleanup(client.close)
        self.assertEqual(self._post(client, 'air/good', b'[{"n":"pm10","v":1}]'), '2.04')
        eventually(lambda: self.city.summary()['readings'] == 1, 'the city has the reading')
        self.assertLess(self.gateway.resident_bytes() - before, GROWTH_BYTES_MAX)
        self.assertEqual(self.gateway.get('/healthz')[0], 200)

    def _post(self, client, path, payload):
        code = client.post(path, payload, SENML, time.monotonic() + 30)
        self.assertIsNotNone(code, 'the gateway answers')
        return code

    def _check_causes(self, refused, payloads, times):
        self.assertEqual(sum(refused.values()), times * len(payloads), refused)
        for cause in {cause for _, cause in payloads if cause}:
            with self.subTest(cause=cause):
                least = times * sum(1 for _, other in payloads if other == cause)
                self.assertGreaterEqual(refused.get(cause, 0), least, refused)


if __name__ == '__main__':
    unittest.main()
