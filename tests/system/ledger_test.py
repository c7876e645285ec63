"""The third promise: whoever looks at /status, at any moment of a bad day, finds every reading
there. The city goes away and comes back, the buffer is too small, much that comes is wrong.

    /usr/bin/python3 tests/system/ledger_test.py --minutes 10
"""
import base64
import itertools
import json
import random
import sys
import threading
import time
import unittest
import urllib.request

import mqtt_wire as wire
from coap_client import CONTENT_FORMATS, CoapClient
from harness import WAIT_SECONDS_MAX, balances
from hostile_peers import Peer
from listener_stage import PASSWORD, REMARKS, ListenerTest
from load import stamp
from loopback import LOOPBACK

SECONDS = 30
SAMPLE_SECONDS = 1.0
PHASE_SECONDS = 4
REMARK_BYTES = 180  # random, so that they take their room in the smallest buffer there can be
WINDOW = 20
METERS = 6
DEAD_EVERY = 40  # of so many readings the city refuses one for good
DEAD_VALUE = 13
BAD = (b'no reading', b'{"m3": -5}', b'{"m3": "one"}', b'{"other": 1}', b'{"m3": 1', b'')
# Plans of the receiver's failures (None: the city is gone), and which count must have grown before
# the next.
PHASES = (('', 'delivered'), (None, 'evicted'), (f'reject-value={DEAD_VALUE}', 'dead'),
          ('refuse=20', 'stored'), (None, 'evicted'), ('drop-after=2', 'delivered'),
          (f'reject-value={DEAD_VALUE},drop-before=3', 'dead'))
REST_SECONDS = 10
PHASES_MIN = 4  # then readings have been delivered, evicted and given up, however slow the machine

seconds = SECONDS


class Meter(threading.Thread):
    """Publishes large readings with QoS 1, some at a time, every third message a wrong one."""

    def __init__(self, port, name, stopping, resting):
        super().__init__(name=name, daemon=True)
        self._port, self._stopping, self._resting = port, stopping, resting
        self._chance, self._start_ms = random.Random(name), int(time.time() * 1000)
        self.answered, self.failure = 0, None

    def run(self):
        try:
            self._publish()
        except Exception as failure:  # shown by the test's own thread
            self.failure = failure

    def _publish(self):
        peer = Peer(self._port)
        peer.greet(PASSWORD, wire.V5, self.name, name=self.name)
        topic = f'water/{self.name}/reading'
        for first in itertools.count(1, WINDOW):
            while self._resting.is_set() and not self._stopping.is_set():
                time.sleep(0.1)
            if self._stopping.is_set():
                break
            numbers = range(first, first + WINDOW)
            peer.send(b''.join(wire.publish(topic, self._payload(number), 1, number % 65535 + 1,
                                            wire.V5) for number in numbers))
            for _ in numbers:
                kind, _ = peer.packet()
                assert kind == wire.PUBACK, kind
                self.answered += 1
        peer.close()

    def _payload(self, number):
        if number % 3 == 0:
            return self._chance.choice(BAD)
        value = DEAD_VALUE if number % DEAD_EVERY == 0 else number * 100
        remarks = {name: base64.b64encode(self._chance.randbytes(REMARK_BYTES)).decode()
                   for name in REMARKS}
        return json.dumps({'ts': stamp(self._start_ms + number), 'm3': value, **remarks}).encode()


class Ledger(ListenerTest):
    devices = [f'l-{number}' for number in range(METERS)]
    buffer = 'size_max = "4 MiB"'

    def test_the_equations_hold_at_every_sample_of_a_bad_day(self):
        stopping = threading.Event()
        self._resting = threading.Event()
        meters = [Meter(self.ports.mqtt, name, stopping, self._resting) for name in self.devices]
        for meter in meters:
            meter.start()
        samples = self._sample_a_day()
        stopping.set()
        for meter in meters:
            meter.join(WAIT_SECONDS_MAX)
            self.assertIsNone(meter.failure)
        self._enter('')
        ledger = self.delivered()
        self.assertEqual(ledger['received'],
                         sum(meter.answered for meter in meters) + self._requests)
        self._check_day(samples, ledger)

    def _sample_a_day(self):
        """Every sample of /status, which is looked at in each phase while bad requests come too."""
        client = CoapClient(self.ports.senml_json)
        self.addCleanup(client.close)
        self._requests, samples = 0, []
        phases = itertools.cycle(PHASES)
        begun = time.monotonic()
        changed, count, least, entered = begun, None, 0, 0
        while (time.monotonic() < begun + seconds or len(samples) < seconds
               or entered < PHASES_MIN):
            ledger = self.gateway.ledger()
            with self.subTest(sample=len(samples)):
                self._check_sample(ledger)
            samples.append(ledger)
            city = ledger['uplinks']['city']
            if count is None or time.monotonic() > changed + PHASE_SECONDS and city[count] > least:
                changed, (plan, count) = time.monotonic(), next(phases)
                least, entered = city[count], entered + 1
                self._enter(plan)
            # On a slow machine bad readings are evicted before they are told apart from good ones.
            is_stuck = count == 'dead' and time.monotonic() > changed + REST_SECONDS
            (self._resting.set if is_stuck else self._resting.clear)()
            code = client.post('air/a-1', b'[{"n":"pm10","v":"much"}]',
                               CONTENT_FORMATS['senml-json'], time.monotonic() + WAIT_SECONDS_MAX)
            self.assertEqual(code[0], '4')
            self._requests += 1
            time.sleep(max(0, begun + len(samples) * SAMPLE_SECONDS - time.monotonic()))
        return samples

    def _check_sample(self, ledger):
        """What waits is by construction what is neither delivered, dead nor evicted: so the city
        is asked too, and delivered() sees at the end that what waits can come to nothing."""
        self.assertTrue(balances(ledger), ledger)
        city = ledger['uplinks']['city']
        for count in ('delivered', 'waiting', 'dead', 'evicted'):
            self.assertLessEqual(city[count], ledger['stored'])
        if self.city.running:
            self.assertLessEqual(city['delivered'], self.city.summary()['readings'])

    def _enter(self, plan):
        if plan is None:
            self.city.kill()
            return
        if not self.city.running:
            self.city = self.start_city()
        request = urllib.request.Request(f'http://{LOOPBACK}:{self.ports.city}/failures',
                                         plan.encode(), method='PUT')
        urllib.request.urlopen(request, timeout=WAIT_SECONDS_MAX).close()

    def _check_day(self, samples, ledger):
        """The day was as bad as it had to be, no count went back, and the city agrees."""
        samples = [*samples, ledger]
        for earlier, later in itertools.pairwise(samples):
            self.assertLessEqual(earlier['received'], later['received'])
            self.assertLessEqual(earlier['stored'], later['stored'])
        city = ledger['uplinks']['city']
        self.assertGreater(sum(ledger['refused'].values()), 0)
        self.assertGreater(city['evicted'], 0)
        self.assertEqual(sum(ledger['evicted'].values()), city['evicted'])
        self.assertGreater(city['dead'], 0)
        self.assertGreater(max(sample['uplinks']['city']['waiting'] for sample in samples), 0)
        # What the city took without a word, because it went away, may have been evicted since.
        taken = self.city.summary()['readings']
        self.assertGreaterEqual(taken, city['delivered'])
        self.assertLessEqual(taken, city['delivered'] + city['evicted'])
        print(f"{len(samples)} samples; {ledger['received']} received, "
              f"{sum(ledger['refused'].values())} refused, {city['delivered']} delivered, "
              f"{city['evicted']} evicted, {city['dead']} dead")


class ControlOfLedger(unittest.TestCase):
    """One reading too few anywhere is seen."""

    def test_a_ledger_that_misses_a_reading_does_not_balance(self):
        uplink = {'stored': 9, 'delivered': 4, 'waiting': 2, 'dead': 1, 'evicted': 2}
        ledger = {'received': 12, 'stored': 9, 'refused': {'malformed': 3},
                  'uplinks': {'city': uplink}}
        self.assertTrue(balances(ledger))
        for key in uplink:
            with self.subTest(key=key):
                wrong = {**uplink, key: uplink[key] - 1}
                self.assertFalse(balances({**ledger, 'uplinks': {'city': wrong}}))
        self.assertFalse(balances({**ledger, 'received': 13}))


if __name__ == '__main__':
    if '--minutes' in sys.argv:
        at = sys.argv.index('--minutes')
        seconds = float(sys.argv[at + 1]) * 60
        del sys.argv[at:at + 2]
    unittest.main()
