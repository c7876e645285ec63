"""A configuration is taken on trial, and kept if it is confirmed. Otherwise, whatever is switched
off meanwhile, the last good one runs, and nothing that was acknowledged is lost."""
import contextlib
import itertools
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import time
import unittest
from collections import defaultdict

from harness import CONNECT_SECONDS_MAX, PASSERELLE, Gateway, StageTest, balances, eventually
from load import AirSensor, Meter
from loopback import LOOPBACK, free_port

GIVEN_UP, NO_GATEWAY, NOT_STORED, ON_TRIAL, NOT_SIGNED, INVALID = 1, 69, 74, 75, 77, 78
TRIAL_SECONDS = 10  # the shortest
READINGS_BEFORE = 100
KILLS = int(os.environ.get('APPLY_KILLS', '16'))
SEED = 20260301
NOBODY = 65534  # the user
GOOD, NEXT = 'Testville', 'Nextville'  # the cities of two configurations, as /status names them


LISTENER = '''
[[source]]
name = "devices"
driver = "mqtt-listener"
listen = "127.0.0.1:{ports.listener}"
anonymous = true
topics = ["water/{{device}}/reading"]
format = "json"
dataset = "everything"
{meter_json}'''


class ApplyTest(StageTest):
    def start_gateway(self):
        text = self.settings.read_text()
        if 'socket =' not in text:
            self.settings.write_text(text.replace(
                '[status]\n', f'[status]\nsocket = "{self.directory}/socket"\n'))
        return super().start_gateway()

    def changed(self, *replacements, name='new.toml'):
        """A file with the configuration, changed."""
        text = self.settings.read_text()
        for before, after in replacements:
            self.assertIn(before, text)
            text = text.replace(before, after)
        path = self.directory / name
        path.write_text(text)
        return path

    def command(self, *words, language='en', environment=None):
        return [PASSERELLE, '--lang', language, *map(str, words), '--config', str(self.settings)]

    def run_command(self, *words, expected=0, **how):
        """Runs a command to its end; what it says."""
        done = subprocess.run(self.command(*words, **how), capture_output=True, text=True,
                              timeout=240, check=False, stdin=subprocess.DEVNULL)
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, expected, said)
        return said

    def apply(self, file, *options, expected=0):
        return self.run_command('apply', file, *options, expected=expected)

    def begin(self, file, seconds=600):
        """On trial, and at work."""
        self.apply(file, '--no-wait', '--confirm-within', f'{seconds} s')
        self.await_trial()

    def await_trial(self):
        number = self.history()['trial']['number']
        told = f'Configuration {number} of'
        eventually(lambda: told in (self.problem('configuration-on-trial') or ''), 'the trial runs')
        eventually(self.gateway.connected, 'every way in can receive', CONNECT_SECONDS_MAX)

    def connections(self):
        """How often a client of the gateway's has connected to the broker."""
        return len(re.findall(r'New client connected.*system-test-01', self.broker.log.read_text()))

    def confirms(self):
        """Whether everything works, so that it can be confirmed."""
        done = subprocess.run(self.command('confirm'), capture_output=True, check=False)
        return done.returncode == 0

    def problem(self, code):
        """The text of a problem; nothing while the gateway changes."""
        try:
            problems = self.gateway.status()['problems']
        except OSError:
            return None
        return next((each['text'] for each in problems if each['code'] == code), None)

    def runs(self):
        """Which configuration runs, by its city; nothing while the gateway changes."""
        with contextlib.suppress(OSError):
            return self.gateway.status()['city']

    def await_city(self, name):
        eventually(lambda: self.runs() == name, f'{name} runs')

    def history(self):
        return json.loads(self.run_command('history', '--json'))

    def in_force(self):
        """The bytes of what is in force."""
        return self.run_command('history', '--show', self.history()['good'][-1]['number'])

    def start_devices(self):
        self.devices = [Meter(self.ports.mqtt, 'm-1'), Meter(self.ports.mqtt, 'm-2'),
                        AirSensor(self.ports.senml_json, 'a-1')]
        for device in self.devices:
            device.start()
        self.addCleanup(self.stop_devices)
        eventually(lambda: self.gateway.ledger()['uplinks']['city']['delivered'] > READINGS_BEFORE,
                   'readings are delivered')

    def stop_devices(self):
        for device in self.devices:
            device.stop()

    def check_everything_arrived(self):
        """Each reading that was acknowledged is at the city, and none twice."""
        self.stop_devices()

        def missing():
            arrived = defaultdict(set)
            for reading in self.city.readings():
                arrived[reading.device].add(int(reading.value))
            return [device.name for device in self.devices
                    if device.acknowledged - arrived[device.name]]
        eventually(lambda: not missing(), 'everything acknowledged is at the city')
        self.assert_nothing_lost_or_doubled(self.delivered())


class WrongUplink(ApplyTest):
    def test_a_wrong_address_under_load_returns_by_itself_and_nothing_is_lost(self):
        self.start_devices()
        connections = self.connections()
        wrong = self.changed((f'{LOOPBACK}:{self.ports.city}', f'{LOOPBACK}:{free_port()}'))
        command = subprocess.Popen(
            self.command('apply', wrong, '--confirm-within', f'{TRIAL_SECONDS} s'),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(command.stdout.close)
        balanced = 0
        while command.poll() is None:  # the endpoint answers throughout, and the ledger balances
            self.assertTrue(balances(self.gateway.ledger()))
            balanced += 1
        said = command.stdout.read()
        self.assertEqual(command.returncode, GIVEN_UP, said)
        self.assertIn('[[uplink]] city: url = ', said)
        self.assertIn('Connections of what does not change go on.', said)
        self.assertIn('uplink city has confirmed nothing', said)
        told = eventually(lambda: self.problem('configuration-returned'), 'the page says why')
        self.assertIn('uplink city has confirmed nothing', told)
        # Not one source has connected anew.
        self.assertEqual(self.connections(), connections)
        self.check_everything_arrived()
        print(f'{balanced} times balanced; {len(self.city.readings())} readings, each once')
        self.assertEqual(self.history()['failure']['version']['number'], 2)
        # The problem goes with the next configuration.
        self.begin(self.changed(('batch_age_max = "200 ms"', 'batch_age_max = "100 ms"')))
        eventually(lambda: not self.problem('configuration-returned'), 'the problem is gone')

    def test_a_trial_that_does_not_work_is_not_confirmed_by_mistake(self):
        self.start_devices()
        wrong = self.changed((f'{LOOPBACK}:{self.ports.city}', f'{LOOPBACK}:{free_port()}'))
        self.begin(wrong)
        eventually(lambda: 'uplink city' in self.run_command('confirm', expected=GIVEN_UP),
                   'it is said what does not work')
        self.assertEqual(self.in_force(), self.settings.read_text())
        self.run_command('confirm', '--anyway')
        self.assertEqual(self.settings.read_text(), wrong.read_text())
        # The way back is in the history.
        self.run_command('rollback', '1', '--no-wait')
        self.await_trial()
        eventually(self.confirms, 'everything works again')
        self.check_everything_arrived()


class Confirmed(ApplyTest):
    def test_what_is_confirmed_stays_also_after_a_restart(self):
        self.start_devices()
        process = self.gateway.process.pid
        changed = self.changed((GOOD, NEXT))
        command = subprocess.Popen(self.command('apply', changed), stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        self.addCleanup(command.stdout.close)
        away = self.await_change()
        eventually(self.confirms, 'everything works again')
        self.assertEqual(command.wait(60), 0)
        said = command.stdout.read()
        self.assertIn('[gateway]: city = "Nextville" instead of "Testville"', said)
        self.assertIn('Everything stops and starts anew', said)
        self.assertEqual(self.gateway.process.pid, process)
        self.assertTrue(self.gateway.running)
        self.assertEqual(self.settings.read_text(), changed.read_text())
        eventually(lambda: not self.problem('configuration-on-trial'), 'the trial is over')
        self.assertEqual(self.gateway.terminate(), 0)
        self.gateway = self.start_gateway()
        self.assertEqual(self.runs(), NEXT)
        self.assertIsNone(self.problem('configuration-file'))
        self.check_everything_arrived()
        print(f'the status endpoint was away for {away * 1000:.0f} ms')

    def await_change(self):
        """Until the next configuration runs; how long nobody answered."""
        answered = [time.monotonic()]

        def runs_next():
            city = self.runs()
            if city:
                answered.append(time.monotonic())
            return city == NEXT
        eventually(runs_next, 'the next one runs')
        return max(after - before for before, after in itertools.pairwise(answered))

    def test_the_history_lists_who_and_takes_back(self):
        for city in ('One', 'Two'):
            self.begin(self.changed((GOOD if city == 'One' else 'One', city), name=f'{city}.toml'))
            self.run_command('confirm', '--anyway')
        said = self.run_command('history')
        self.assertRegex(said, r'3 +20\d\d-.*Two\.toml +in force')
        self.assertRegex(said, r'2 +20\d\d-.*One\.toml')
        self.apply(self.settings)  # it is in force already
        self.run_command('rollback', '9', expected=64)
        self.run_command('rollback', '--no-wait')
        self.await_city('One')
        self.run_command('rollback')  # ends the trial
        self.await_city('Two')
        told = eventually(lambda: self.problem('configuration-returned'), 'the page says why')
        self.assertIn('somebody ended its trial', told)

    def test_sources_come_and_go_while_others_stay(self):
        self.start_devices()
        uptime = self.gateway.status()['uptime_s']
        text = self.settings.read_text()
        kiosks = text[text.index('[[source]]\nname = "kiosks"'):text.index('[[source]]\nname = "air"')]
        noise = f'listen = "{LOOPBACK}:{self.ports.senml_cbor}"'
        self.begin(self.changed((kiosks, ''), (noise, ''), ('"water/{device}/reading"]',
                                                           '"water/{device}/reading", "w/{device}"]')))
        names = [source['name'] for source in self.gateway.status()['sources']]
        self.assertEqual(names, ['meters', 'lorawan', 'air', 'noise'])
        self.run_command('rollback')
        eventually(lambda: len(self.gateway.status()['sources']) == 5, 'the source is back')
        eventually(self.gateway.connected, 'every way in can receive', CONNECT_SECONDS_MAX)
        # Devices that are heard through a source that was exchanged are that one's.
        eventually(lambda: 'meters' in self.heard_by(), 'the devices are heard')
        self.assertLessEqual(self.heard_by(), {*names, 'kiosks'})
        self.assertGreaterEqual(self.gateway.status()['uptime_s'], uptime)
        self.check_everything_arrived()

    def heard_by(self):
        """The sources of the devices that were heard."""
        devices = json.loads(self.gateway.get('/devices?limit=1000')[2])['devices']
        return {device['source'] for device in devices}

    def test_the_public_is_told_the_recipient_of_what_is_on_trial(self):
        self.assertNotIn('the-region', self.gateway.get('/notice')[2])
        self.begin(self.changed(('kind = "http"\n', 'kind = "http"\nrecipient = "the-region"\n')))
        self.assertIn('the-region', self.gateway.get('/notice')[2])
        self.run_command('rollback')
        eventually(lambda: 'the-region' not in self.gateway.get('/notice')[2], 'it is as before')


class Connected(ApplyTest):
    """A device is connected to the gateway itself."""

    more = LISTENER

    def test_a_device_stays_connected_through_what_does_not_change_its_source(self):
        self.start_devices()
        lost = []
        device = Meter(self.ports.listener, 'm-9')
        device._client.on_disconnect = lambda *_: lost.append(time.monotonic())
        device.start()
        self.devices.append(device)
        text = self.settings.read_text()
        noise = text[text.index('[[source]]\nname = "noise"'):text.index('[[dataset]]')]
        self.begin(self.changed(('batch_age_max = "200 ms"', 'batch_age_max = "100 ms"'),
                                (noise, '')))
        eventually(self.confirms, 'everything works')
        self.assertEqual(lost, [])
        # The control: what changes more than ways in and out ends the connection.
        self.begin(self.changed((GOOD, NEXT)))
        eventually(lambda: lost, 'the device was cut off')
        taken = len(device.acknowledged)
        eventually(lambda: len(device.acknowledged) > taken, 'it is back')
        self.run_command('rollback')
        self.await_city(GOOD)
        self.check_everything_arrived()


class Refused(ApplyTest):
    def test_a_second_technician_is_told_who_and_since_when(self):
        first = self.changed((GOOD, NEXT))
        user = subprocess.run(['id', '-un'], capture_output=True, text=True, check=True)
        self.begin(first)
        second = self.changed((GOOD, 'Otherville'), name='other.toml')
        said = self.apply(second, expected=ON_TRIAL)
        name = user.stdout.strip()
        self.assertRegex(said, rf'Configuration 2 of {name}.* is on trial since 20\d\d-')
        self.assertEqual(self.runs(), NEXT)
        self.assertRegex(self.run_command('history', language='fr'), 'NUMÉRO.*\n.*en vigueur')

    def test_what_cannot_be_is_refused_before_anything_changes(self):
        cases = {
            'tls = { ca_file = "/nowhere/ca.pem" }\nurl = "https': 'ca.pem',
            'nonsense = 1\nurl = "http': 'nonsense',
        }
        for url, words in cases.items():
            with self.subTest(words):
                said = self.apply(self.changed(('url = "http', url)), expected=INVALID)
                self.assertIn('new.toml:', said)
                self.assertIn(words, said)
        for before, after in ((f'path = "{self.directory}/buffer.db"', 'path = "/elsewhere/b.db"'),
                              ('/state"', '/other"'), (f'socket = "{self.directory}/socket"', '')):
            with self.subTest(before):
                self.apply(self.changed((before, after)), expected=INVALID)
        self.assertEqual(self.history()['last_number'], 1)
        self.assertEqual(self.runs(), GOOD)
        self.assertEqual(self.gateway.terminate(), 0)
        self.assertIn('No gateway answers', self.apply(self.changed((GOOD, NEXT)),
                                                       expected=NO_GATEWAY))

    def test_what_opens_more_needs_its_signature(self):
        line = self.run_keygen()
        guarded = self.changed(('device = "keep"', 'device = "pseudonym"'), name='guarded.toml')
        guarded.write_text(f'{guarded.read_text()}\n[privacy]\n{line}\n')
        self.begin(guarded)
        self.run_command('confirm', '--anyway')
        looser = self.changed(('device = "pseudonym"', 'device = "keep"'))
        self.assertIn('policy sign', self.apply(looser, expected=NOT_SIGNED))
        subprocess.run([PASSERELLE, 'policy', 'sign', '--key', self.directory / 'city.key', looser],
                       check=True, capture_output=True)
        self.begin(looser)
        self.run_command('confirm', '--anyway')
        # It starts, and so do those that are tighter and those that were signed.
        self.assertEqual(self.gateway.terminate(), 0)
        self.gateway = self.start_gateway()
        self.run_command('rollback', '2', '--no-wait')
        self.await_trial()
        self.run_command('confirm', '--anyway')
        self.run_command('rollback', '3', '--no-wait')
        self.await_trial()

    def run_keygen(self):
        said = subprocess.run([PASSERELLE, 'policy', 'keygen', self.directory / 'city.key'],
                              check=True, capture_output=True, text=True).stdout
        return said.splitlines()[-1]

    @unittest.skipUnless(os.geteuid() == 0, 'mounting a small disk takes root')
    def test_a_disk_that_is_full_changes_nothing(self):
        directory = self.directory / 'state/configurations'
        kept = {path.name: path.read_bytes() for path in directory.iterdir()}
        mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', directory],
                                 capture_output=True, text=True, check=False)
        if mounted.returncode:
            self.skipTest(f'no small disk can be mounted: {mounted.stderr.strip()}')
        self.addCleanup(subprocess.run, ['umount', '--lazy', directory], check=False)
        for name, content in kept.items():
            (directory / name).write_bytes(content)
        with contextlib.suppress(OSError), (directory / 'filler').open('wb', 0) as filler:
            while True:
                filler.write(bytes(4096))
        self.assertIn('Make room', self.apply(self.changed((GOOD, NEXT)), expected=NOT_STORED))
        self.assertEqual(self.runs(), GOOD)
        (directory / 'filler').unlink()
        self.begin(self.changed((GOOD, NEXT)))
        self.assertEqual(self.runs(), NEXT)


@unittest.skipUnless(os.geteuid() == 0, 'a gateway of another user takes root')
class OtherUser(ApplyTest):
    """The gateway is nobody's, and root asks it."""

    def make_gateway(self):
        for path in (self.directory, *self.directory.rglob('*')):
            os.chown(path, NOBODY, NOBODY)
        program = shutil.copy(PASSERELLE, self.directory)  # where its user can reach it
        return Gateway(self.directory, self.settings, self.ports.status, program=program,
                       user=NOBODY, group=NOBODY, extra_groups=[])

    def test_a_certificate_that_the_gateway_cannot_read_is_refused(self):
        certificate = self.directory / 'ca.pem'
        certificate.write_text('root alone reads it')
        certificate.chmod(0o600)
        url = f'url = "http://{LOOPBACK}:{self.ports.city}'
        wrong = self.changed((url, f'tls = {{ ca_file = "{certificate}" }}\n{url}'))
        # The control: who asks can read it.
        said = subprocess.run([PASSERELLE, 'check', wrong], capture_output=True, text=True,
                              check=False, env={**os.environ, 'LC_ALL': 'en.UTF-8'})
        self.assertNotIn('cannot be read', said.stderr)
        said = self.apply(wrong, expected=INVALID)
        self.assertIn('ca.pem', said)
        self.assertEqual(self.history()['last_number'], 1)

    def test_the_file_stays_its_owners(self):
        self.settings.chmod(0o640)
        changed = self.changed(('batch_age_max = "200 ms"', 'batch_age_max = "100 ms"'))
        self.begin(changed)
        self.run_command('confirm', '--anyway')
        status = self.settings.stat()
        self.assertEqual((status.st_uid, status.st_mode & 0o777), (NOBODY, 0o640))
        self.assertEqual(self.settings.read_text(), changed.read_text())
        self.gateway.kill()
        self.gateway = self.start_gateway()
        self.assertEqual(self.in_force(), changed.read_text())


class Backlog(ApplyTest):
    def test_what_waits_for_an_uplink_waits_through_a_trial_without_it(self):
        self.start_devices()
        self.city.kill()
        stored = self.gateway.ledger()['stored']
        eventually(lambda: self.gateway.ledger()['stored'] > stored + READINGS_BEFORE,
                   'a backlog is there')
        text = self.settings.read_text()
        uplink = text[text.index('[[uplink]]'):]
        other = uplink.replace('name = "city"', 'name = "other"').replace(
            str(self.ports.city), str(free_port()))
        without = self.changed((uplink, other))
        self.begin(without)
        self.assertEqual(self.uplinks(), ['other'])
        self.run_command('rollback')
        eventually(lambda: self.uplinks() == ['city'], 'the uplink is back')
        self.city = self.start_city()
        self.check_everything_arrived()
        # Once it is confirmed the buffer keeps nothing for the former one.
        self.begin(without)
        connections = self.connections()
        self.run_command('confirm', '--anyway')
        eventually(lambda: self.connections() > connections, 'the gateway begins anew')
        self.assertEqual(self.gateway.terminate(), 0)
        self.assertEqual(self.cursors(), {'other'})

    def uplinks(self):
        """Of the configuration that runs; nothing while the gateway changes."""
        with contextlib.suppress(OSError):
            return list(self.gateway.ledger()['uplinks'])

    def cursors(self):
        """The uplinks for which the buffer of a gateway that has ended keeps readings."""
        with contextlib.closing(sqlite3.connect(
                f'file:{self.directory}/buffer.db?mode=ro', uri=True)) as database:
            return {row[0] for row in database.execute('SELECT uplink FROM cursor')}

    def test_one_that_cannot_start_returns_at_once(self):
        (self.directory / 'state/quarantine').write_text('no directory')
        key = subprocess.run([PASSERELLE, 'quarantine', 'keygen', self.directory / 'officer.key'],
                             check=True, capture_output=True, text=True).stdout.splitlines()[-1]
        broken = self.changed()
        broken.write_text(f'{broken.read_text()}\n[privacy.quarantine]\n{key}\n')
        said = self.apply(broken, expected=GIVEN_UP)
        self.assertIn('was given up', said)
        self.assertEqual(self.runs(), GOOD)
        self.assertTrue(self.gateway.running)


class Killed(ApplyTest):
    def setUp(self):
        super().setUp()
        self.start_devices()

    def restart(self):
        self.gateway.kill()
        self.gateway = self.start_gateway()

    def taken_on_trial(self):
        """How often."""
        return (self.directory / 'gateway.log').read_text().count(' configuration-applied: ')

    def test_killed_at_any_moment_of_an_apply_the_good_one_runs(self):
        """Moments from before the gateway was asked until the trial is well under way."""
        for moment in range(KILLS):
            changed = self.changed((GOOD, f'{NEXT}-{moment}'))
            before = self.taken_on_trial()
            with subprocess.Popen(self.command('apply', changed), stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as command:
                time.sleep(1.2 * moment / KILLS)
                self.gateway.kill()
                if self.taken_on_trial() == before:
                    command.wait(60)  # lest a slow one asks the next gateway
                self.gateway = self.start_gateway()
                self.assertEqual(self.runs(), GOOD)
                self.assertNotEqual(command.wait(200), 0)
            self.assertEqual(self.in_force(), self.settings.read_text())
        self.check_everything_arrived()

    def test_stopped_at_any_moment_of_a_change_it_stops_in_order(self):
        for moment in range(KILLS // 2):
            self.apply(self.changed((GOOD, f'{NEXT}-{moment}')), '--no-wait')
            time.sleep(0.6 * moment / KILLS)
            self.assertEqual(self.gateway.terminate(), 0)
            self.gateway = self.start_gateway()
            self.assertEqual(self.runs(), GOOD)
        self.check_everything_arrived()

    def test_killed_at_any_moment_of_a_confirmation_one_of_the_two_runs(self):
        chance = random.Random(SEED)
        confirmed = 0
        for moment in range(KILLS):
            before, after = self.runs(), f'City-{moment}'
            self.begin(self.changed((before, after)))
            with subprocess.Popen(self.command('confirm', '--anyway'), stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as command:
                time.sleep(chance.uniform(0, 0.15))
                self.gateway.kill()
                said_yes = command.wait(60) == 0  # lest a slow one asks the next gateway
                self.gateway = self.start_gateway()
            confirmed += said_yes
            if said_yes:
                self.assertEqual(self.runs(), after)
            else:
                self.assertIn(self.runs(), (before, after))
            # Until somebody writes it, the file may hold the one before.
            if self.in_force() != self.settings.read_text():
                self.run_command('confirm')
            self.assertEqual(self.in_force(), self.settings.read_text())
        print(f'{confirmed} of {KILLS} confirmations came through')
        self.check_everything_arrived()

    def test_restarted_in_between_the_good_one_runs_also_if_the_file_was_on_trial(self):
        changed = self.changed((GOOD, NEXT))
        self.begin(changed)
        self.assertEqual(self.gateway.terminate(), 0)
        self.gateway = self.start_gateway()
        self.assertEqual(self.runs(), GOOD)
        told = eventually(lambda: self.problem('configuration-returned'), 'the page says why')
        self.assertIn('restarted before anybody confirmed', told)
        # A technician who edits the file itself.
        good = self.settings.read_text()
        self.settings.write_text(changed.read_text())
        self.begin(self.settings)
        self.restart()
        self.assertEqual(self.runs(), GOOD)
        self.assertEqual(self.in_force(), good)
        eventually(lambda: self.problem('configuration-file'), 'the page says what the file is')
        self.restart()
        self.assertEqual(self.runs(), GOOD)
        # Writing down what is in force ends it, and so does a change of the file.
        self.run_command('confirm')
        self.assertEqual(self.settings.read_text(), good)
        self.settings.write_text(changed.read_text() + '\n')
        self.restart()
        self.assertEqual(self.runs(), NEXT)
        self.check_everything_arrived()


if __name__ == '__main__':
    unittest.main()
