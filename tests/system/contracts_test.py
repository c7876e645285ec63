"""Two recipients of one dataset: each gets its fields, its grain, its names, and until its end."""
import json
import re
import time
import unittest
from decimal import Decimal

from configuration import Ports
from harness import Broker, City, Gateway, SystemTest, balances, eventually
from load import publish, stamp
from loopback import LOOPBACK, free_port
from privacy_test import opened

METERS = [f'meter-{i}' for i in range(5)]
DAY_MS = 86_400_000
FOR_EVER = '2999-12-31'
PAST = '2020-01-01'
ENDED = 'contract-ended:regie:water'


class Contracts(SystemTest):
    """The city gets what is stored, the concessionaire what its contract says."""

    recipients = 'city', 'regie'  # of the uplinks `city` and `regie`

    def setUp(self):
        super().setUp()
        self.ports = Ports()
        self.regie_port = free_port()
        self.broker = self.start(Broker(self.directory, self.ports.mqtt))
        self.city, self.regie = self._receiver('city', self.ports.city), self._receiver(
            'regie', self.regie_port)
        self.begin_ms = int(time.time()) * 1000 - 3_600_000
        self.sent = 0

    def _receiver(self, name, port):
        directory = self.directory / name
        directory.mkdir()
        return self.start(City(directory, port))

    def start_gateway(self, until=FOR_EVER):
        """A gateway, or the next one, with this end of the concessionaire's contract for water."""
        path = self.directory / 'passerelle.toml'
        path.write_text(_TEXT.format(
            directory=self.directory, ports=self.ports, regie_port=self.regie_port, host=LOOPBACK,
            until=until, city=self.recipients[0], regie=self.recipients[1]))
        self.gateway = self.start(Gateway(self.directory, path, self.ports.status))
        eventually(self.gateway.connected, 'every way in can receive')

    def send(self, topic='water', count=4):
        """So many readings of each meter, each message unlike all others."""
        messages = []
        for i in range(count):
            for meter in METERS:
                self.sent += 1
                messages.append((f'{topic}/{meter}', json.dumps({
                    'ts': stamp(self.begin_ms + 1000 * self.sent), 'v': self.sent + 0.25,
                    'site': f'site-{i % 2}', 'customer': f'customer of {meter}'})))
        before = self.ledger()['stored']
        publish(self.ports.mqtt, messages)
        eventually(lambda: self.ledger()['stored'] == before + len(messages), 'all is stored')
        return len(messages)

    def ledger(self):
        ledger = self.gateway.ledger()
        self.assertTrue(balances(ledger), ledger)
        return ledger

    def waiting(self, uplink):
        return self.ledger()['uplinks'][uplink]['waiting']

    def problems(self):
        return {problem['code']: problem['text'] for problem in self.gateway.status()['problems']}

    def until_nothing_waits(self, *uplinks):
        for uplink in uplinks:
            eventually(lambda: self.waiting(uplink) == 0, f'{uplink} has everything')

    def assert_each_once(self, receiver, count):
        summary = receiver.summary()
        self.assertEqual(
            (summary['readings'], summary['duplicates'], summary['key_conflicts'], summary['gaps']),
            (count, 0, 0, 0), summary)


def devices(receiver):
    return {reading.device for reading in receiver.readings()}


def customers(receiver):
    return {reading.attributes['customer'] for reading in receiver.readings()}


class Domains(Contracts):
    def test_two_recipients_share_no_pseudonym(self):
        self.start_gateway()
        self.city.kill()  # or the delivered segments, and with them the stored names, are deleted
        count = self.send()
        self.until_nothing_waits('regie')
        self.assertEqual(self.gateway.terminate(), 0)  # or the file is locked
        stored = self.stored_pseudonyms()
        self.assertGreaterEqual(len(stored), len(METERS))
        self.city = self.start(City(self.directory / 'city', self.ports.city))
        self.start_gateway()
        self.until_nothing_waits('city')
        self.check(count, stored)

    def stored_pseudonyms(self):
        found = set()
        for path in self.directory.glob('buffer.db*'):
            for content in (path.read_bytes(), *opened(path, self.directory / 'state')):
                found |= {name.decode() for name in re.findall(rb'[a-z2-7]{26}', content)}
        return found

    def check(self, count, stored):
        self.assertEqual(len(devices(self.city)), len(METERS), 'each device is told from others')
        self.assertEqual(len(devices(self.regie)), len(METERS))
        self.assertEqual(len(customers(self.city)), len(METERS))
        names = devices(self.city) | customers(self.city)
        self.assertFalse(names & devices(self.regie))
        self.assertFalse((names | devices(self.regie)) & stored, 'a stored pseudonym has left')
        self.assertFalse(devices(self.city) & customers(self.city))
        self.assert_each_once(self.city, count)
        self.assert_each_once(self.regie, count)


class ControlOfDomains(Domains):
    """The same comparison finds every pseudonym again where both uplinks are of one recipient."""

    recipients = 'ville', 'ville'

    def check(self, count, stored):
        self.assertEqual(devices(self.city), devices(self.regie))
        self.assertEqual(len(devices(self.city)), len(METERS))


class Fields(Contracts):
    def test_each_gets_its_fields_and_its_grain(self):
        self.start_gateway()
        self.send()
        self.until_nothing_waits('city', 'regie')
        exact, coarse = self.city.readings(), self.regie.readings()
        self.assertEqual({tuple(sorted(r.attributes)) for r in exact}, {('customer', 'site')})
        self.assertEqual({tuple(r.attributes) for r in coarse}, {('site',)})
        self.assertEqual({r.attributes['site'] for r in coarse}, {'site-0', 'site-1'})
        self.assertTrue(all(r.time_ms % DAY_MS == 0 for r in coarse))
        self.assertTrue(any(r.time_ms % DAY_MS != 0 for r in exact))
        self.assertTrue(all(r.value == r.value.to_integral_value() for r in coarse))
        self.assertEqual([r.value for r in exact],
                         [Decimal(i) + Decimal('0.25') for i in range(1, self.sent + 1)])

    def test_names_stay_the_same_over_a_restart(self):
        self.start_gateway()
        self.send()
        self.until_nothing_waits('city', 'regie')
        before = devices(self.city), devices(self.regie)
        self.assertEqual(self.gateway.terminate(), 0)
        self.start_gateway()
        self.send()
        self.until_nothing_waits('city', 'regie')
        self.assertEqual((devices(self.city), devices(self.regie)), before)


class Ends(Contracts):
    def test_an_ended_contract_stops_its_uplink_alone_until_it_is_renewed(self):
        self.start_gateway()
        delivered = self.send()
        self.until_nothing_waits('city', 'regie')
        self._restart(until=PAST)
        kept = self.send()
        other = self.send(topic='air')
        self.until_nothing_waits('city')
        eventually(lambda: self.regie.summary()['readings'] == delivered + other,
                   'another dataset of the same uplink goes on')
        text = eventually(lambda: self.problems().get(ENDED), 'the end is told')
        self.assertIn('renewed', text)
        self.assertNotIn('uplink-unreachable:regie', self.problems())
        self.assertEqual(self.waiting('regie'), kept)
        self.assert_each_once(self.city, delivered + kept + other)
        self._restart(until=FOR_EVER)
        self.until_nothing_waits('regie')
        self.assert_each_once(self.regie, delivered + kept + other)
        self.assertNotIn(ENDED, self.problems())
        totals = self.ledger()['uplinks']['regie']
        self.assertEqual((totals['delivered'], totals['dead'], totals['evicted']),
                         (delivered + kept + other, 0, 0))
        log = (self.directory / 'gateway.log').read_text()
        self.assertEqual(log.count(ENDED), 1, 'the log says it once')

    def _restart(self, until):
        self.assertEqual(self.gateway.terminate(), 0)
        self.start_gateway(until)


_TEXT = '''
[gateway]
id = "system-test-01"
state_directory = "{directory}/state"
[buffer]
path = "{directory}/buffer.db"
[clock]
trust = "always"
[status]
listen = "{host}:{ports.status}"

[[source]]
name = "meters"
driver = "mqtt"
url = "mqtt://{host}:{ports.mqtt}"
topics = ["water/{{device}}"]
dataset = "water"
format = "json"
[source.json]
time = "/ts"
readings = [{{ quantity = "water.volume", path = "/v", unit = "m3" }}]
attributes = {{ site = "/site", customer = "/customer" }}

[[source]]
name = "sensors"
driver = "mqtt"
url = "mqtt://{host}:{ports.mqtt}"
topics = ["air/{{device}}"]
dataset = "air"
format = "json"
[source.json]
time = "/ts"
readings = [{{ quantity = "air.pm10", path = "/v", unit = "ug/m3" }}]

[[dataset]]
name = "water"
purpose = "leak detection"
legal_basis = "public task"
consent_ref = "none: these meters are of this test"
[dataset.fields]
device = "pseudonym"
customer = "pseudonym"
site = "keep"

[[dataset]]
name = "air"
purpose = "air quality"
legal_basis = "public task"
[dataset.fields]
device = "keep"

[[uplink]]
name = "city"
kind = "http"
url = "http://{host}:{ports.city}/v1/batches"
recipient = "{city}"
batch_age_max = "100 ms"
retry_min = "100 ms"
retry_max = "1 s"

[[uplink]]
name = "regie"
kind = "http"
url = "http://{host}:{regie_port}/v1/batches"
recipient = "{regie}"
encoding = "json"
batch_age_max = "100 ms"
retry_min = "100 ms"
retry_max = "1 s"
[uplink.contract.water]
purpose = "billing"
reference = "convention 2026-14"
until = "{until}"
[uplink.contract.water.fields]
device = "keep"
site = "keep"
time = {{ rule = "coarsen", step = "P1D" }}
value = {{ rule = "round", step = 1 }}
'''

if __name__ == '__main__':
    unittest.main()
