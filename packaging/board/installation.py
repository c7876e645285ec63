"""From a bare board to one at work, and from one version to the next and back."""
import re
import subprocess

import box_settings
import packages as versions
from harness import balances, eventually
from meters import Meters

METERS = ('m-1', 'm-2')
PACE_SECONDS = 0.5
BY_HAND, SENSOR = 'compteur-1', 'capteur-1'  # let in as a technician does
READINGS = 10
BACKLOG_READINGS = 30
CLIENT_SECONDS_MAX = 300
ARRIVED_SECONDS_MAX = 300
TRIAL_SECONDS = 20
GIVEN_UP = 1  # what `passerelle apply` ends with
NEXT_CITY, NOWHERE = 'Nextville', 'http://10.0.2.2:9/'  # nobody listens on the port "discard"


class Installation:
    """The board after it is `.board`, with meters that publish as `.meters`."""

    def __init__(self, name, board, packages, report):
        self._name, self._packages, self._report = name, packages, report
        self.board, self.meters = board, None
        self._posted, self._pseudonym = 0, None
        self.by_hand = None  # the name and the password of a meter that somebody else plays

    def run(self):
        steps = ((self._install, 'the previous version is installed, and starts nothing'),
                 (self._configure, 'a configuration and devices'),
                 (self._start, 'the service starts'),
                 (self._publish, 'a reading over MQTT is acknowledged and arrives'),
                 (self._post, 'a reading over CoAP with a key is acknowledged and arrives'),
                 (self._status, 'passerelle status says so'),
                 (self._upgrade, 'an upgrade with a backlog keeps buffer, keys and configuration'),
                 (self._downgrade, 'and so do the way back and forth again'),
                 (self._apply, 'a configuration that cannot deliver is given up by itself'))
        for step, what in steps:
            with self._report.step(self._name, what):
                step()

    def _install(self):
        board = self.board
        board.open_city()
        board.boot()
        said = board.install(self._packages.previous)
        assert 'passerelle setup' in said, said
        status, _ = board.machine.run('systemctl is-active passerelle')
        assert status, 'it runs without a configuration of this box'

    def _configure(self):
        """As `passerelle setup` does; then the configuration of this test, with both ways in."""
        board = self.board
        board.machine.must(
            'passerelle setup --yes --language en --id board --city Testville --profile water '
            '--host localhost --connect water-meters=mqtt-listener')
        board.machine.must(f'passerelle check {box_settings.FILE}')
        board.machine.must(f'touch {box_settings.MARK}')
        board.configure()
        self._passwords = board.let_in(METERS)
        self.by_hand = BY_HAND, self._let_in(BY_HAND, box_settings.METERS, 'password')
        self._key = self._let_in(SENSOR, box_settings.SENSORS, 'key')
        board.machine.must(f'passerelle check {box_settings.FILE}')

    def _let_in(self, device, source, proof):
        """The secret that `passerelle device add` tells a device."""
        said = self.board.machine.must(
            f'passerelle --lang en device add {device} --source {source} --with {proof} '
            f'--host localhost --no-qr --config {box_settings.FILE}')
        return re.search(rf'^\s*{proof}(?:, as text)?\s+(\S+)$', said, re.M)[1]

    def _start(self):
        self.board.start()
        self.board.await_ready()

    def _publish(self):
        publish(self.board, *self.by_hand, ['{"ts":"2026-03-01T06:00:00Z","m3":1000000}'])
        assert self._await_arrival('water.volume', 1_000_000) == BY_HAND
        self.meters = Meters(self.board, self._passwords, PACE_SECONDS)
        self.meters.await_acknowledged(READINGS)
        self.meters.await_arrived()

    def _post(self):
        """The city knows the sensor by one pseudonym as long as the board has its keys."""
        self._posted += 1
        uri = f'coaps://127.0.0.1:{self.board.coap}/air/{SENSOR}'
        answer = subprocess.run(
            ['coap-client-openssl', '-m', 'post', '-t', '110', '-u', SENSOR, '-k', self._key,
             '-v', '6', '-e', '[{"n":"temperature","u":"Cel","v":%d}]' % self._posted, uri],
            check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=CLIENT_SECONDS_MAX).stdout
        assert '2.04' in answer, answer
        pseudonym = self._await_arrival('air.temperature', self._posted)
        assert pseudonym != SENSOR and self._pseudonym in (None, pseudonym), pseudonym
        self._pseudonym = pseudonym

    def _status(self):
        eventually(lambda: self.board.status()['state'] == 'ok', 'all is well', ARRIVED_SECONDS_MAX)
        status = self.board.status()
        assert status['city'] == 'Testville', status
        assert balances(status['ledger']), status['ledger']
        assert status['ledger']['received'] > READINGS, status['ledger']

    def _upgrade(self):
        self._change_version(self._packages.tested)

    def _downgrade(self):
        self._change_version(self._packages.previous)
        self._change_version(self._packages.tested)

    def _change_version(self, package):
        """Another version, while the city is away and readings keep coming."""
        board, meters = self.board, self.meters
        before = self._kept()
        board.close_city()
        meters.await_acknowledged(BACKLOG_READINGS)
        board.install(package)
        board.await_ready()
        meters.await_acknowledged(READINGS)
        board.open_city()
        meters.await_arrived()
        self._post()
        after = self._kept()
        assert after == before, f'{before}\n{after}'
        assert board.installed() == versions.version(package)

    def _kept(self):
        """What an upgrade has no business with: configuration, accounts and keys, to the byte. The
        keys of segments come and go with those."""
        return self.board.machine.must(
            'find /etc/passerelle /var/lib/passerelle -type f -not -path "*/keys/segments/*" '
            '-not -name "buffer.db*" -not -name clock -not -name history '
            '-exec stat --format "%n %a %U:%G" {} + -exec sha256sum {} + | sort')

    def _apply(self):
        board = self.board
        wrong = re.sub(r'url = "[^"]*"', f'url = "{NOWHERE}"',
                       board.settings.replace('Testville', NEXT_CITY))
        board.machine.write('/tmp/new.toml', wrong)
        status, said = board.machine.run(
            f'passerelle --lang en apply /tmp/new.toml --config {box_settings.FILE} '
            f'--confirm-within "{TRIAL_SECONDS} s"')
        assert status == GIVEN_UP, f'status {status}: {said}'
        eventually(lambda: board.status()['city'] == 'Testville', 'the last good one runs',
                   ARRIVED_SECONDS_MAX)
        self.meters.await_arrived()

    def _await_arrival(self, quantity, value):
        """Until the city has the value; the name of the device that it is from."""
        def device():
            return next((device for device, each in self.board.city.effects(quantity)
                         if each == value), None)
        return eventually(device, f'{quantity} {value} is in the city', ARRIVED_SECONDS_MAX)


def publish(board, device, password, messages):
    """By mosquitto_pub, QoS 1: it ends well when all are acknowledged."""
    subprocess.run(
        ['mosquitto_pub', '-h', '127.0.0.1', '-p', str(board.mqtt), '-q', '1', '-i', device,
         '-u', device, '-P', password, '-t', f'water/{device}/reading', '-l'],
        input=''.join(f'{message}\n' for message in messages), text=True, check=True,
        timeout=CLIENT_SECONDS_MAX)
