"""A box that cannot run its configuration is not dark: it answers and says why, touches nothing
that is stored, acknowledges nothing, and goes on without a loss when it can."""
import contextlib
import hashlib
import json
import os
import shutil
import socket
import subprocess
import time
import unittest
from pathlib import Path

from coap_client import CONTENT_FORMATS, CoapClient
from harness import PASSERELLE, CityTest, City, Gateway, Program, SystemTest, balances, eventually
from loopback import LOOPBACK, free_port, free_udp_port

EXIT_CONFIGURATION, EXIT_STORE, EXIT_UNAVAILABLE, EXIT_FAILING = 78, 74, 69, 2
READINGS = 300
SECRET = 'hunter2-correct-horse'
QUIET_SECONDS = 3  # what nobody hears is sent again for so long
NOBODY = 65534  # the user

TEXT = '''# The gateway of a test.
[gateway]
id = "system-test-01"
city = "Testville"
language = "fr"
state_directory = "{directory}/state"

[status]
listen = "{host}:{status}"
socket = "{directory}/socket"

[buffer]
path = "{buffer}/buffer.db"

[clock]
trust = "always"

[[source]]
name = "air"
driver = "coap"
listen = "{host}:{air}"
topics = ["air/{{device}}"]
format = "senml-json"
dataset = "everything"
[source.quantities]
pm10 = "air.pm10"

[[dataset]]
name = "everything"
purpose = "to see that the gateway keeps its promises"
legal_basis = "public task"
[dataset.fields]
device = "pseudonym"

[[uplink]]
name = "city"
kind = "http"
url = "http://{host}:{city}/v1/batches"
batch_age_max = "200 ms"
retry_min = "100 ms"
retry_max = "1 s"
# A comment at its end, where a power cut goes unnoticed.
'''


class StillGateway(Gateway):
    """Ready as soon as it answers."""

    def _ready(self):
        if not self.running:
            raise AssertionError(f'the gateway ended with {self.process.returncode}')
        with contextlib.suppress(OSError):
            return self.get('/healthz')[0] == 200


def files_below(directory):
    """The bytes of each file, by its path."""
    return {path.relative_to(directory): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(Path(directory).rglob('*')) if path.is_file()}


class StandstillTest(SystemTest):
    def setUp(self):
        super().setUp()
        self.status, self.city_port, self.air = free_port(), free_port(), free_udp_port()
        self.disk = self.directory / 'disk'
        self.disk.mkdir()
        self.settings = self.directory / 'passerelle.toml'
        self.good = TEXT.format(directory=self.directory, buffer=self.disk, host=LOOPBACK,
                                status=self.status, air=self.air, city=self.city_port)
        self.settings.write_text(self.good)
        self.client = CoapClient(self.air)
        self.addCleanup(self.client.close)
        self.acknowledged = set()

    def start_gateway(self, kind, **how):
        self.gateway = self.start(
            kind(self.directory, self.settings, self.status, language='C',
                 options=['--stay-reachable'], **how))
        return self.gateway

    def runs(self):
        with contextlib.suppress(OSError):
            return self.gateway.get('/readyz')[0] == 200

    def post(self, value, seconds):
        """Whether a reading is acknowledged."""
        payload = json.dumps([{'n': 'pm10', 'v': value, 't': int(time.time())}]).encode()
        code = self.client.post('air/a-1', payload, CONTENT_FORMATS['senml-json'],
                                time.monotonic() + seconds)
        if code == '2.04':
            self.acknowledged.add(value)
        return code == '2.04'

    def fill(self):
        """Readings wait for a city that is away, and the gateway is stopped."""
        gateway = self.start_gateway(Gateway)
        for value in range(1, READINGS + 1):
            self.assertTrue(self.post(value, 30))
        self.assertEqual(gateway.status()['ledger']['uplinks']['city']['waiting'], READINGS)
        self.assertEqual(gateway.terminate(), 0)

    def stored(self):
        return {**files_below(self.disk), **files_below(self.directory / 'state')}

    def command(self, *words):
        """(exit status, what it says)"""
        done = subprocess.run([PASSERELLE, *map(str, words), '--config', self.settings],
                              capture_output=True, text=True, timeout=60, check=False,
                              stdin=subprocess.DEVNULL, env={**os.environ, 'LC_ALL': 'C.UTF-8'})
        return done.returncode, done.stdout + done.stderr

    def place(self, text):
        """Where it is in the configuration."""
        before = self.settings.read_text().partition(text)[0]
        return f'{self.settings}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}:'

    def problem(self):
        problems = self.gateway.status()['problems']
        self.assertEqual(len(problems), 1, problems)
        return problems[0]

    def assert_stands_still(self, code):
        """By every way to ask; the problem's text."""
        gateway = self.gateway
        self.assertEqual(gateway.get('/healthz')[0], 200)
        self.assertEqual(gateway.get('/readyz')[0], 503)
        status = gateway.status()
        self.assertEqual((status['state'], status['running']), ('failing', False))
        problem = self.problem()
        self.assertEqual((problem['code'], problem['failing']), (code, True))
        metrics = gateway.get('/metrics')[2]
        self.assertIn(f'passerelle_problem{{code="{code}",severity="failing"}} 1', metrics)
        self.assertNotIn('passerelle_readings', metrics)
        self.assertIn(code, gateway.get('/')[2])
        self.assertFalse(self.post(READINGS + 1, QUIET_SECONDS), 'nothing is acknowledged')
        exit_status, said = self.command('status')
        self.assertEqual(exit_status, EXIT_FAILING, said)
        self.assertIn(code, self.command('status', '--json')[1])
        doctor = json.loads(self.command('doctor', '--json')[1])['checks']
        self.assertIn(problem['text'], [check['finding'] for check in doctor])
        return problem['text']

    def assert_everything_arrives(self):
        """After it is mended, with the city there."""
        city = self.start(City(self.directory, self.city_port))
        eventually(self.runs, 'it runs')
        self.assertTrue(self.post(READINGS + 1, 30), 'what was refused is taken')

        def delivered():
            ledger = self.gateway.ledger()
            return ledger if ledger['uplinks']['city']['waiting'] == 0 else None
        ledger = eventually(delivered, 'everything is delivered')
        self.assertTrue(balances(ledger), ledger)
        values = [int(reading.value) for reading in city.readings()]
        self.assertEqual(sorted(values), sorted(self.acknowledged))


class BrokenConfiguration(StandstillTest):
    def test_it_answers_touches_nothing_and_goes_on_when_the_file_is_mended(self):
        self.fill()
        before = self.stored()
        self.settings.write_text(self.good.replace('driver = "coap"', 'driver = "coaps"')
                                 .replace('legal_basis', 'legal_bases'))
        gateway = self.start_gateway(StillGateway)
        text = self.assert_stands_still('configuration-broken')
        for place in (self.place('"coaps"'), self.place('legal_bases'), 'passerelle check'):
            self.assertIn(place, text)
        self.assertIn('relevé', text)  # in the configuration's language
        # What a command would have of it is refused with what to do, and is not kept either.
        (self.directory / 'good.toml').write_text(self.good)
        for words in (['apply', self.directory / 'good.toml'], ['confirm'], ['rollback']):
            exit_status, said = self.command(*words)
            self.assertEqual(exit_status, EXIT_UNAVAILABLE, said)
            self.assertIn('systemctl restart passerelle', said)
        self.assertEqual(self.stored(), before, 'every byte is as it was')
        self.settings.write_text(self.good)
        self.assert_everything_arrives()
        self.assertTrue(gateway.running, 'the same process')
        self.assertNotEqual(self.stored(), before, 'a gateway that runs would be seen')
        self.assertEqual(gateway.terminate(), 0)

    def test_by_hand_it_ends_as_before(self):
        self.settings.write_text('[gateway]\n')
        done = subprocess.run([PASSERELLE, 'run', '-c', self.settings], capture_output=True,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, EXIT_CONFIGURATION)

    def test_other_mistakes_are_told_when_there_are_others(self):
        self.settings.write_text(self.good.replace('driver = "coap"', 'driver = "coaps"'))
        self.start_gateway(StillGateway)
        self.assertIn(self.place('"coaps"'), self.problem()['text'])
        self.settings.write_text(self.good.replace('kind = "http"', 'kind = "https"'))
        eventually(lambda: self.place('"https"') in self._text(), 'the new mistake is told')

    def _text(self):
        with contextlib.suppress(OSError):
            return self.problem()['text']
        return ''

    def test_no_value_of_the_file_is_told(self):
        for line in (f'driver = "{SECRET}"', f'driver = "{SECRET[0]}\\u0075{SECRET[2:]}"',
                     f'driver = {SECRET}', f'driver = "coap"\npassword = "{SECRET}"',
                     f'driver = "coap"\nlisten_secure = "mqtt://a:{SECRET}@b"',
                     f'driver = "coap"\n{SECRET} = 1'.replace(SECRET, 'x = 1\nx')):
            with self.subTest(line=line):
                self.settings.write_text(self.good.replace('driver = "coap"', line))
                gateway = self.start_gateway(StillGateway)
                self.assertIn(str(self.settings), self.problem()['text'])
                for path in ('/status', '/', '/metrics'):
                    self.assertNotIn(SECRET, gateway.get(path)[2])
                self.assertEqual(gateway.terminate(), 0)
        # The control: a mistake without values is told in full.
        self.settings.write_text(self.good.replace('driver =', 'drover = 1\ndriver ='))
        self.start_gateway(StillGateway)
        self.assertIn('drover', self.problem()['text'])

    def test_half_a_file_opens_nothing_to_the_network(self):
        text = self.good.replace(f'{LOOPBACK}:{self.status}', f'0.0.0.0:{self.status}')
        address = socket.gethostbyname(socket.gethostname())
        cut = text[:text.index('[buffer]') + len('[buffer')]
        wrong = text.replace('[status]', '[status]\nhots = 1')
        for broken in (cut, wrong):
            self.settings.write_text(broken)
            gateway = self.start_gateway(StillGateway)
            self.assertEqual(gateway.status()['gateway'], 'system-test-01')
            if address != LOOPBACK:
                with self.assertRaises(OSError):
                    socket.create_connection((address, self.status), 5)
            self.assertEqual(self.command('status')[0], EXIT_FAILING)
            gateway.terminate()

    def test_a_configuration_that_opens_more_waits_for_its_signature(self):
        key = self.directory / 'city.key'
        made = subprocess.run([PASSERELLE, 'policy', 'keygen', key], capture_output=True, text=True,
                              check=True)
        guarded = f'{self.good}[privacy]\nkeys = "file"\n{made.stdout.splitlines()[-1]}\n'
        self.settings.write_text(guarded)
        self.start_gateway(Gateway).terminate()
        before = self.stored()
        self.settings.write_text(guarded.replace('device = "pseudonym"', 'device = "keep"'))
        self.start_gateway(StillGateway)
        self.assertIn('policy sign', self.assert_stands_still('configuration-not-signed'))
        self.assertEqual(self.stored(), before)
        subprocess.run([PASSERELLE, 'policy', 'sign', '--key', key, self.settings],
                       capture_output=True, check=True)
        eventually(self.runs, 'it runs')

    def test_a_signal_ends_it(self):
        self.settings.write_text('')
        gateway = self.start(Program(
            [PASSERELLE, 'run', '--stay-reachable', '--config', self.settings],
            self.directory / 'gateway.log'))
        eventually(lambda: 'configuration-broken' in gateway.log.read_text(), 'it stands still')
        self.assertEqual(gateway.terminate(), 0)


class CutFile(StandstillTest):
    def test_a_file_cut_at_any_place_gives_up_no_reading(self):
        self.fill()
        before = self.stored()
        comments = self.good.index('# A comment')
        cuts = [0, 10, self.good.index('[status]') + 4, self.good.index('[[uplink]]') - 1,
                self.good.index('[[uplink]]') + 30, self.good.index('kind = "http"')]
        for cut in cuts:
            with self.subTest(cut=self.good[max(0, cut - 20):cut]):
                self.settings.write_text(self.good[:cut])
                program = self.start(Program(
                    ['unshare', '--net', 'sh', '-c', 'ip link set lo up; exec "$@"', 'sh',
                     PASSERELLE, 'run', '--stay-reachable', '--config', self.settings],
                    self.directory / f'cut-{cut}.log', {'LC_ALL': 'C.UTF-8'}))
                eventually(lambda: 'error configuration-broken' in program.log.read_text(),
                           'it stands still')
                self.assertEqual(program.terminate(), 0)
                self.assertEqual(self.stored(), before)
        # What is missing changes nothing: it runs.
        self.settings.write_text(self.good[:comments + 5])
        self.start_gateway(Gateway)
        self.assert_everything_arrives()

    def test_what_is_cut_off_by_intent_says_so(self):
        more = self.good.replace('# A comment', '[[uplink]]\nname = "second"\nkind = "http"\n'
                                 f'url = "http://{LOOPBACK}:{self.city_port}/v1/batches"\n#')
        self.settings.write_text(more)
        self.start_gateway(Gateway).terminate()
        self.settings.write_text(self.good[:self.good.index('# A comment')])
        self.start_gateway(StillGateway)
        whole = self.directory / 'state/configurations/1.toml'
        self.assertIn(str(whole), self.assert_stands_still('configuration-broken'))
        self.assertEqual(whole.read_text(), more)
        with self.settings.open('a') as file:
            file.write('# end\n')
        eventually(self.runs, 'it runs')
        self.assertEqual(list(self.gateway.ledger()['uplinks']), ['city'])


class CannotBegin(StandstillTest):
    def test_a_disk_that_is_away_is_tried_again(self):
        self.fill()
        before = self.stored()
        away = self.directory / 'away'
        self.disk.rename(away)
        self.disk.write_text('')  # nothing can be made below it
        self.start_gateway(StillGateway)
        text = self.assert_stands_still('store-unusable')
        self.assertIn(str(self.disk), text)
        self.disk.unlink()
        away.rename(self.disk)
        self.assertEqual(files_below(self.disk), {
            path: digest for path, digest in before.items() if (self.disk / path).exists()})
        self.assert_everything_arrives()

    def test_keys_that_are_missing_are_waited_for(self):
        self.fill()
        keys = self.directory / 'state/keys/segments'
        keys.rename(self.directory / 'segments')
        self.start_gateway(StillGateway)
        self.assertIn(str(keys), self.assert_stands_still('store-unusable'))
        self.assertFalse(keys.exists(), 'none is made')
        (self.directory / 'segments').rename(keys)
        self.assert_everything_arrives()

    def test_by_hand_it_ends_as_before(self):
        self.disk.rmdir()
        self.disk.write_text('')
        done = subprocess.run([PASSERELLE, 'run', '-c', self.settings], capture_output=True,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, EXIT_STORE, done.stderr)

    def test_a_port_in_use_is_no_reason_to_stand_still(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
            holder.bind((LOOPBACK, self.air))
            gateway = self.start_gateway(Gateway)
            self.assertTrue(gateway.status()['running'])
            eventually(lambda: 'source-disconnected:air' in
                       [problem['code'] for problem in gateway.status()['problems']], 'it is told')
        eventually(gateway.connected, 'it is taken when it is free')


@unittest.skipUnless(os.geteuid() == 0 and shutil.which('ip'),
                     'a loopback of its own, for the default address, takes root')
class NoFile(StandstillTest):
    def test_without_a_file_to_read_it_answers_on_the_default_address(self):
        self.directory.chmod(0o755)
        private = self.directory / 'private.toml'
        private.write_text(self.good)
        private.chmod(0o600)
        for path, user in ((self.directory / 'none.toml', 0), (private, NOBODY)):
            with self.subTest(path=path.name):
                self._assert_answers(path, user)

    def _assert_answers(self, path, user):
        as_user = ['setpriv', f'--reuid={user}', '--clear-groups']
        program = self.start(Program(
            ['unshare', '--net', 'sh', '-c', 'ip link set lo up; exec "$@"', 'sh', *as_user,
             PASSERELLE, 'run', '--stay-reachable', '--config', path],
            self.directory / f'{path.name}.log', {'LC_ALL': 'C.UTF-8'}))
        inside = ['nsenter', '--net', '--target', str(program.process.pid)]

        def answer():
            done = subprocess.run([*inside, 'curl', '-s', f'http://{LOOPBACK}:8080/status'],
                                  capture_output=True, text=True, check=False)
            return done.stdout
        status = json.loads(eventually(answer, 'it answers'))
        self.assertEqual(status['problems'][0]['code'], 'configuration-broken')
        self.assertIn(f'{path}:1:1', status['problems'][0]['text'])
        asked = subprocess.run([*inside, *as_user, PASSERELLE, 'status', '-c', path], check=False,
                               capture_output=True, timeout=60)
        self.assertEqual(asked.returncode, EXIT_FAILING, asked.stdout)
        self.assertEqual(program.terminate(), 0)


class Manager(StandstillTest):
    def test_systemd_is_told_and_its_watchdog_fed(self):
        path = self.directory / 'notify'
        self.settings.write_text(self.good.replace('driver = "coap"', 'driver = "coaps"'))
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(path))
            manager.settimeout(60)
            self.start_gateway(StillGateway, environment={
                'NOTIFY_SOCKET': str(path), 'WATCHDOG_USEC': '200000'})
            told = []
            while told.count('WATCHDOG=1') < 3:
                told += manager.recv(65536).decode().splitlines()
            self.assertIn('READY=1', told)
            status = next(line for line in told if line.startswith('STATUS='))
            self.assertIn(self.place('"coaps"'), status)
            self.settings.write_text(self.good)
            while 'RELOADING=1' not in told:
                told += manager.recv(65536).decode().splitlines()
            after = []
            while 'READY=1' not in after:
                after += manager.recv(65536).decode().splitlines()
            self.assertIn('STATUS=', told + after)


if __name__ == '__main__':
    unittest.main()
