"""A box without a battery for its clock: it boots in 1970, and its clock jumps by ten years."""
import contextlib
import json
import sqlite3
import subprocess
import time
import unittest
from datetime import datetime

from harness import City, StageTest, eventually
from load import AirSensor, Meter, publish, stamp
from wrong_clock import following

TEN_YEARS = '3653d'
READINGS_A_JUMP = 200
SLACK_MS = 2000  # between this machine's clock and the gateway's count since the boot


class ClockTest(StageTest):
    """A gateway whose system clock the test sets; nobody vouches for it before `vouch`."""

    says = f'-{int(time.time()) - 30}'  # 1970

    def setUp(self):
        self.started_ms = now_ms()
        super().setUp()

    @property
    def clock(self):
        return f'trust = "mark"\nmark = "{self.mark}"\nwait_max = "30 d"'

    @property
    def mark(self):
        return self.directory / 'clock-is-set'

    @property
    def environment(self):
        file = self.directory / 'faketime'
        if not file.exists():
            self.set_clock(self.says)
        return following(file)

    def set_clock(self, says):
        """What the system clock is ahead of this machine's: seconds, or "-3653d"."""
        fresh = self.directory / 'faketime.new'
        fresh.write_text(says + '\n')
        fresh.rename(self.directory / 'faketime')

    def vouch(self):
        self.mark.touch()

    def clock_status(self):
        return self.gateway.status()['clock']

    def problems(self):
        return {problem['code']: problem['text'] for problem in self.gateway.status()['problems']}

    def arrive(self, values, device='m-9'):
        """Readings without a time of their own."""
        publish(self.ports.mqtt, [
            (f'water/{device}/reading', json.dumps({'m3': value})) for value in values])

    def until_stored(self, count):
        eventually(lambda: self.gateway.ledger()['stored'] >= count, f'{count} readings are stored')

    def assert_dated_now(self, readings):
        for reading in readings:
            self.assertGreaterEqual(reading.time_ms, self.started_ms - SLACK_MS)
            self.assertLessEqual(reading.time_ms, now_ms() + SLACK_MS)


class Boot(ClockTest):
    def test_readings_from_before_the_clock_was_set_arrive_with_the_right_time(self):
        self.arrive(range(20))
        publish(self.ports.mqtt, [('water/m-1/reading', json.dumps(
            {'ts': stamp(self.started_ms), 'm3': 7}))])
        self.until_stored(21)
        self.assertFalse(self.clock_status()['trusted'])
        self.assertEqual(self.clock_status()['undated'], 20)
        self.assertEqual(self.clock_status()['system'][:4], '1970')
        self.assertIn('1970', eventually(
            lambda: self.problems().get('clock-not-trusted'), 'the problem is told'))
        self.assertEqual(self.gateway.ledger()['uplinks']['city']['waiting'], 21)
        self.set_clock('+0')
        self.vouch()
        self.assert_nothing_lost_or_doubled(self.delivered())
        readings = self.city.readings()
        arrivals = [reading for reading in readings if reading.device == 'm-9']
        self.assertEqual({reading.time_quality for reading in arrivals}, {'corrected'})
        self.assertEqual([int(reading.value) for reading in arrivals], list(range(20)))
        self.assert_dated_now(arrivals)
        own, = (reading for reading in readings if reading.device == 'm-1')
        self.assertEqual((own.time_quality, own.time_ms), ('device', self.started_ms))
        self.assertEqual(self.clock_status()['corrected'], 20)
        eventually(lambda: not self.problems(), 'no problem is left')

    def test_readings_of_a_boot_that_was_never_dated_say_so(self):
        self.arrive(range(5))
        self.until_stored(5)
        self.gateway.terminate()
        self._reboot()
        self.set_clock('+0')
        self.vouch()
        self.gateway = self.start_gateway()
        self.arrive(range(5, 10))
        self.until_stored(10)
        self.assert_nothing_lost_or_doubled(self.delivered())
        self.assertEqual([reading.time_quality for reading in self.city.readings()],
                         ['uncertain'] * 5 + ['gateway'] * 5)

    def test_a_certificate_that_a_wrong_clock_refuses_is_explained(self):
        self.gateway.terminate()
        self.city.terminate()
        self._secure_the_city()
        self.gateway = self.start_gateway()
        publish(self.ports.mqtt, [('water/m-1/reading', json.dumps(
            {'ts': stamp(self.started_ms), 'm3': 7}))])
        text = eventually(lambda: self.problems().get('uplink-unreachable:city'), 'it is refused')
        self.assertIn('not valid yet', text)
        self.assertIn('clock', text)
        self.set_clock('+0')
        self.vouch()
        self.delivered()
        self.assertEqual(len(self.city.readings()), 1)

    def _reboot(self):
        """What the next boot finds: a floor without this one's id, ranges of another."""
        (self.directory / 'state/clock').unlink()
        with contextlib.closing(sqlite3.connect(self.directory / 'buffer.db')) as database:
            changed = database.execute("UPDATE boot SET boot_id = 'before'").rowcount
            database.commit()
        self.assertEqual(changed, 1)

    def _secure_the_city(self):
        certificate, key = self.directory / 'city.crt', self.directory / 'city.key'
        subprocess.run(
            ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
             '-nodes', '-subj', '/CN=city', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2',
             '-keyout', key, '-out', certificate], check=True, stderr=subprocess.DEVNULL)
        self.city = self.start(City(self.directory, self.ports.city, '--tls-cert', certificate,
                                    '--tls-key', key))
        text = self.settings.read_text().replace(f'"http://127.0.0.1:{self.ports.city}',
                                                 f'"https://127.0.0.1:{self.ports.city}')
        self.settings.write_text(text + f'tls = {{ ca_file = "{certificate}" }}\n')


class Jumps(ClockTest):
    says = '+0'

    def setUp(self):
        super().setUp()
        self.vouch()
        eventually(lambda: self.clock_status()['trusted'], 'the clock is trusted')

    def test_jumps_of_ten_years_lose_nothing_while_it_runs_and_between_runs(self):
        devices = [Meter(self.ports.mqtt, 'm-1'), AirSensor(self.ports.senml_json, 'a-1')]
        for device in devices:
            device.start()
        for number, says in enumerate(('+' + TEN_YEARS, '-' + TEN_YEARS, '+' + TEN_YEARS, '+0')):
            self.set_clock(says)
            self._load(number)
            self.gateway.terminate()
            self.gateway = self.start_gateway()
            self._load(number)
        for device in devices:
            device.stop()
        sent = sum(len(device.acknowledged) for device in devices)
        self.until_stored(sent)
        ledger = self.delivered()
        self.assert_nothing_lost_or_doubled(ledger)
        self.assertEqual(ledger['evicted'], {})
        self.assertEqual(ledger['refused'], {})
        self._check(devices)

    def _load(self, number):
        stored = self.gateway.ledger()['stored']
        self.arrive([number], 'm-9')
        self.until_stored(stored + READINGS_A_JUMP)
        self.assertTrue(self.clock_status()['trusted'])
        off = abs(milliseconds(self.clock_status()['now']) - now_ms())
        self.assertLess(off, SLACK_MS)

    def _check(self, devices):
        readings = self.city.readings()
        for device in devices:
            arrived = {int(reading.value) for reading in readings if reading.device == device.name}
            self.assertTrue(device.acknowledged <= arrived)
        arrivals = [reading for reading in readings if reading.device == 'm-9']
        self.assertEqual([int(reading.value) for reading in arrivals], [0, 0, 1, 1, 2, 2, 3, 3])
        self.assertEqual({reading.time_quality for reading in arrivals}, {'gateway'})
        self.assert_dated_now(arrivals)


def now_ms():
    return int(time.time() * 1000)


def milliseconds(text):
    return int(datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp() * 1000)


if __name__ == '__main__':
    unittest.main()
