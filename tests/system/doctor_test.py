"""`passerelle doctor` on a box that is well, and on boxes that are broken in one way each: it names
the cause and the remedy, and nothing else as a failure."""
import contextlib
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import configuration
from harness import PASSERELLE, ROOT, Broker, City, CityTest, Program, eventually
from load import publish
from loopback import LOOPBACK, listens
from wrong_clock import believing

HANGING_DISK = os.environ.get(
    'HANGING_DISK', str(ROOT / 'build/debug/tests/support/libhanging_disk.so'))
NOBODY = 65534
SECONDS_MAX = 30  # the doctor promises 20
COLUMNS = 80
CHECKS_MIN = 30
SEVERITIES = ('skipped', 'ok', 'notice', 'warning', 'failure')
STATUS_OF = {'ok': 0, 'notice': 0, 'warning': 1, 'failure': 2}


class Refusing:
    """A recipient that lets nobody in."""

    def __init__(self, port):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

            def refuse(self):
                self.rfile.read(int(self.headers.get('Content-Length', 0)))
                self.send_response(401)
                self.send_header('Content-Length', '0')
                self.end_headers()
            do_GET = do_POST = refuse

        self.server = ThreadingHTTPServer((LOOPBACK, port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@contextlib.contextmanager
def answering_once(port, answer):
    """Who comes first is told these bytes, and cut off."""
    with socket.create_server((LOOPBACK, port)) as server:
        server.settimeout(SECONDS_MAX)

        def say():
            with server.accept()[0] as taken:
                taken.recv(4096)
                taken.sendall(answer)
        thread = threading.Thread(target=say)
        thread.start()
        yield
        thread.join()


class Demanding:
    """Speaks TLS, of one version, and asks for a client certificate of an authority."""

    def __init__(self, port, certificate, key, version, authority=None, mode=ssl.CERT_REQUIRED):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = self.context.maximum_version = version
        self.context.verify_mode = mode
        self.shown = []  # what came of each handshake that was completed
        self.context.load_cert_chain(certificate, key)
        self.context.load_verify_locations(authority or certificate)
        self.socket = socket.create_server((LOOPBACK, port))
        threading.Thread(target=self.refuse, daemon=True).start()

    def refuse(self):
        while True:
            try:
                taken, _ = self.socket.accept()
            except OSError:  # closed
                return
            with self.context.wrap_socket(
                    taken, server_side=True, do_handshake_on_connect=False) as secure:
                try:
                    secure.do_handshake()
                    self.shown.append(secure.getpeercert())
                except OSError:  # what was sent meanwhile is read: a cut would hide the alert
                    with contextlib.suppress(OSError):
                        socket.socket.recv(secure, 4096)

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class Box(CityTest):
    """A broker and a city that are well, and a configuration; the gateway runs when it is told."""

    def setUp(self):
        super().setUp()
        self.directory.chmod(0o755)
        self.ports = configuration.Ports()
        self.settings = configuration.write(self.directory, self.ports)
        self.broker = self.start(Broker(self.directory, self.ports.mqtt))
        self.city = self.start_city()

    def run_gateway(self):
        self.gateway = self.start_gateway()

    def doctor(self, *options, language='en', environment=None, **how):
        return subprocess.run(
            [PASSERELLE, 'doctor', '--config', self.settings, '--lang', language, *options],
            env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, timeout=SECONDS_MAX, check=False, **how)

    def examine(self, **how):
        """The checks; what holds of every examination is asserted."""
        done = self.doctor('--json', **how)
        self.assertEqual(done.stderr, '')
        report = json.loads(done.stdout)
        checks = report['checks']
        ranks = [SEVERITIES.index(check['severity']) for check in checks]
        self.assertEqual(ranks, sorted(ranks, reverse=True), 'the worst comes first')
        worst = max(checks[0]['severity'], 'ok', key=SEVERITIES.index)
        self.assertEqual((report['worst'], done.returncode), (worst, STATUS_OF[worst]))
        for check in checks:
            is_bad = SEVERITIES.index(check['severity']) >= SEVERITIES.index('notice')
            self.assertEqual(bool(check['consequence'] and check['remedy']), is_bad, check)
        return checks

    def examine_as_nobody(self):
        try:
            return self.examine(user=NOBODY, group=NOBODY, extra_groups=[])
        except PermissionError:
            return self.skipTest(f'another user cannot run {PASSERELLE}')

    def assert_failures(self, expected, **how):
        """Exactly these codes fail, each with these words in its finding and in its remedy."""
        failures = [check for check in self.examine(**how) if check['severity'] == 'failure']
        self.assertEqual({check['code'] for check in failures}, set(expected), failures)
        for check in failures:
            finding, remedy = expected[check['code']]
            self.assertIn(finding, check['finding'])
            self.assertIn(remedy, check['remedy'])

    def edit(self, before, after):
        text = self.settings.read_text()
        self.assertIn(before, text)
        self.settings.write_text(text.replace(before, after))

    def make_certificate(self, name, alternative='IP:127.0.0.1', date=None):
        """A certificate of its own authority, made on a date."""
        certificate, key = self.directory / f'{name}.crt', self.directory / f'{name}.key'
        command = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                   'ec_paramgen_curve:P-256', '-nodes', '-subj', f'/CN={name}', '-addext',
                   f'subjectAltName={alternative}', '-days', '90', '-keyout', str(key), '-out',
                   str(certificate)]
        prefix = ['faketime', date] if date else []
        subprocess.run([*prefix, *command], check=True, stderr=subprocess.DEVNULL)
        return certificate, key

    def secure_city(self, certificate, key, authority):
        """The city speaks TLS with this certificate, and the configuration believes that one."""
        self.city.terminate()
        self.city = self.start(City(self.directory, self.ports.city, '--tls-cert', certificate,
                                    '--tls-key', key))
        self.edit(f'"http://{LOOPBACK}:{self.ports.city}', f'"https://{LOOPBACK}:{self.ports.city}')
        self.settings.write_text(
            self.settings.read_text() + f'tls = {{ ca_file = "{authority}" }}\n')


DOWN = {'gateway': ('No gateway answers', 'systemctl restart passerelle')}


class Well(Box):
    """The control: the same box, and nothing is wrong with it."""

    def setUp(self):
        super().setUp()
        self.run_gateway()

    def test_no_failure_on_a_box_that_is_well(self):
        publish(self.ports.mqtt, [('water/m-1/reading', json.dumps({'m3': 7}))])
        self.delivered()
        checks = self.examine()
        self.assert_failures({})
        self.assertGreaterEqual(len({check['code'] for check in checks}), CHECKS_MIN)
        by_code = {check['code']: check['severity'] for check in checks}
        for code in ('configuration', 'gateway', 'keys', 'secrets', 'ports', 'broker-answer',
                     'uplink-connection', 'uplink-confirmed', 'buffer-directory', 'sync-latency'):
            self.assertEqual(by_code[code], 'ok', code)
        self.assertEqual(by_code['buffer-pages'], 'skipped', 'the gateway holds the store')

    def test_the_store_and_the_sessions_are_left_alone(self):
        before = self.gateway.ledger()
        listing = sorted(path.name for path in self.directory.iterdir())
        self.examine()
        self.assertEqual(listing, sorted(path.name for path in self.directory.iterdir()))
        self.assertEqual(self.gateway.ledger(), before)
        self.assertTrue(self.gateway.connected(), 'no session at the broker was taken over')

    @unittest.skipUnless(os.geteuid() == 0, 'being somebody else takes root')
    def test_who_may_see_less_is_told_so_and_not_that_the_gateway_may_not(self):
        checks = self.examine_as_nobody()
        closed = {check['code'] for check in checks if 'run the doctor as root' in check['finding']}
        self.assertLessEqual({'keys', 'buffer-file'}, closed)
        self.assertNotIn('failure', {check['severity'] for check in checks})
        self.settings.chmod(0o600)
        by_code = {check['code']: check for check in self.examine_as_nobody()}
        self.assertEqual(by_code['configuration']['severity'], 'warning')
        self.assertIn('sudo passerelle doctor', by_code['configuration']['remedy'])

    def test_every_code_is_documented_in_both_languages(self):
        codes = {check['code'] for check in self.examine()}
        for name in ('README.md', 'README.fr.md'):
            text = (ROOT / 'config' / name).read_text()
            self.assertEqual({code for code in codes if f'`{code}`' not in text}, set(), name)

    def test_the_text_fits_a_terminal_in_both_languages(self):
        for language in ('en', 'fr'):
            done = self.doctor(language=language)
            long = [line for line in done.stdout.splitlines()
                    if len(line) > COLUMNS and max(map(len, line.split())) < COLUMNS // 2]
            self.assertEqual(long, [])
            self.assertNotIn('\x1b', done.stdout)
            words = re.findall(r'[^0-9,;\s]+', done.stdout.splitlines()[0])
            known = {'en': 'failure warning notice check in order',
                     'fr': 'panne avertissement remarque point conforme'}[language].split()
            self.assertEqual([word.rstrip('s') for word in words], known)

    @unittest.skipUnless(os.geteuid() == 0, 'being somebody else takes root')
    def test_who_may_see_less_is_not_told_to_stop_a_gateway_that_hangs(self):
        self.gateway.process.send_signal(signal.SIGSTOP)
        try:
            checks = self.examine_as_nobody()
        finally:
            self.gateway.process.send_signal(signal.SIGCONT)
        ports = {check['severity'] for check in checks if check['code'] == 'ports'}
        self.assertEqual(ports, {'skipped'}, checks)

    def test_a_gateway_that_hangs_is_named_by_its_process(self):
        self.gateway.process.send_signal(signal.SIGSTOP)
        try:
            process = self.gateway.process.pid
            self.assert_failures({'gateway': (f'process {process} ', 'journalctl')})
        finally:
            self.gateway.process.send_signal(signal.SIGCONT)


class Hanging(Box):
    """Where a disk hangs every look at it does: the doctor says so, and what else it has seen."""

    def test_the_disk_of_the_configuration_hangs(self):
        fifo = self.directory / 'hangs.toml'
        os.mkfifo(fifo)
        self.settings = fifo
        by_code = {check['code']: check for check in self.examine()}
        self.assertEqual(by_code['configuration']['severity'], 'warning')
        self.assertIn('dmesg', by_code['configuration']['remedy'])
        self.assertEqual(by_code['gateway']['severity'], 'skipped')
        self.assertIn('memory', by_code)

    def test_the_disk_of_the_state_directory_hangs(self):
        sanitizer = os.environ.get('ASAN_OPTIONS', '')
        hanging = {'LD_PRELOAD': HANGING_DISK, 'PASSERELLE_HANGS': str(self.directory / 'state'),
                   'ASAN_OPTIONS': f'{sanitizer}:verify_asan_link_order=0'}
        by_code = {check['code']: check for check in self.examine(environment=hanging)}
        for code in ('keys', 'disk-space'):
            self.assertEqual(by_code[code]['severity'], 'warning', by_code[code])
        self.assertEqual(by_code['uplink-connection']['severity'], 'ok')


class Network(Box):
    def test_the_name_of_the_recipient_does_not_resolve(self):
        self.edit(f'http://{LOOPBACK}:{self.ports.city}/', 'https://city.invalid/')
        failures = {check['code']: check for check in self.examine()
                    if check['severity'] == 'failure'}
        self.assertIn('city.invalid', failures['uplink-name']['finding'])
        self.assertIn('getent hosts city.invalid', failures['uplink-name']['remedy'])
        # A machine for tests may have no network at all.
        self.assertLessEqual(set(failures),
                             {'uplink-name', 'gateway', 'network-route', 'name-servers'})

    def test_nobody_listens_at_the_port_of_the_recipient(self):
        self.run_gateway()
        self.city.terminate()
        address = f'{LOOPBACK}:{self.ports.city}'
        self.assert_failures({'uplink-connection': (f'Nobody listens at {address}', "'url'")})

    def test_the_broker_is_at_another_port(self):
        self.edit(f'mqtt://{LOOPBACK}:{self.ports.mqtt}',
                  f'mqtt://{LOOPBACK}:{self.ports.listener}')
        address = f'{LOOPBACK}:{self.ports.listener}'
        self.assert_failures({**DOWN, 'broker-connection': (
            f'Nobody listens at {address} (meters, lorawan, kiosks)',
            'systemctl status mosquitto')})

    def test_the_broker_lets_nobody_in(self):
        self.broker.kill()
        configuration_file = self.directory / 'mosquitto.conf'
        configuration_file.write_text(
            f'listener {self.ports.mqtt} {LOOPBACK}\nallow_anonymous false\n')
        self.start(Program(['/usr/sbin/mosquitto', '-c', configuration_file],
                           self.directory / 'mosquitto.log'))
        eventually(lambda: listens(self.ports.mqtt), 'the broker takes connections')
        self.assert_failures(
            {**DOWN, 'broker-answer': ('does not let this box in', "secret's file")})

    def test_the_broker_takes_the_connection_and_says_nothing(self):
        self.broker.kill()
        with socket.create_server((LOOPBACK, self.ports.mqtt)):
            self.assert_failures(
                {**DOWN, 'broker-answer': ('does not answer', 'port is the right one')})

    def test_what_listens_at_the_broker_s_port_is_none(self):
        self.broker.kill()
        with answering_once(self.ports.mqtt, b'HTTP/1.1 400 Bad Request\r\n\r\n'):
            self.assert_failures({**DOWN, 'broker-answer': ('does not speak MQTT', "'version'")})

    def test_the_recipient_takes_the_connection_and_says_nothing(self):
        self.city.terminate()
        with socket.create_server((LOOPBACK, self.ports.city)):
            self.assert_failures(
                {**DOWN, 'uplink-answer': ('does not answer', 'port is the right one')})

    def test_the_recipient_answers_and_is_cut_off(self):
        self.city.terminate()
        answer = b'HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 9\r\n\r\n'
        with answering_once(self.ports.city, answer):
            self.assert_failures(DOWN)

    def test_the_recipient_refuses_the_token(self):
        self.city.terminate()
        token = self.directory / 'token'
        token.write_text('a token of this test only')
        token.chmod(0o600)
        self.settings.write_text(
            self.settings.read_text() + f'bearer_token = {{ file = "{token}" }}\n')
        recipient = Refusing(self.ports.city)
        self.addCleanup(recipient.close)
        self.assert_failures({**DOWN, 'uplink-answer': ('HTTP 401', "secret's file")})
        self.assertNotIn('of this test only', self.doctor().stdout + self.doctor('--json').stdout)

    def test_another_program_has_the_port_of_a_source(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind((LOOPBACK, self.ports.senml_json))
            self.assert_failures({**DOWN, 'ports': (f'(process {os.getpid()})', 'ss -lntup')})


class Certificates(Box):
    def test_the_certificate_of_the_recipient_has_expired(self):
        certificate, key = self.make_certificate('city', date='2024-01-01 00:00:00')
        self.secure_city(certificate, key, certificate)
        self.assert_failures({
            **DOWN, 'uplink-certificate': ('expired on 2024-03-3', 'renew the certificate'),
            'authorities': ('have expired', 'ask who runs the other end')})

    def test_the_certificate_of_the_recipient_is_of_another_authority(self):
        certificate, key = self.make_certificate('city')
        self.secure_city(certificate, key, self.make_certificate('another authority')[0])
        self.assert_failures({**DOWN, 'uplink-certificate': (
            'signed by "city", which is not trusted', 'another authority.crt')})

    def test_the_certificate_of_the_recipient_is_of_another_name(self):
        certificate, key = self.make_certificate('city', 'DNS:data.example.org')
        self.secure_city(certificate, key, certificate)
        self.assert_failures({**DOWN, 'uplink-certificate': (
            'another name: data.example.org', 'as the certificate names it')})

    def test_a_certificate_that_is_well(self):
        certificate, key = self.make_certificate('city')
        self.secure_city(certificate, key, certificate)
        self.assert_failures(DOWN)

    def assert_refused_without_a_certificate_of_its_own(self, code):
        self.assert_failures({**DOWN, code: ('refuses this box in TLS: ', 'client certificate')})

    def test_the_recipient_asks_for_a_client_certificate(self):
        certificate, key = self.make_certificate('city')
        self.secure_city(certificate, key, certificate)
        self.city.terminate()
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(version.name):
                recipient = Demanding(self.ports.city, certificate, key, version)
                self.assert_refused_without_a_certificate_of_its_own('uplink-certificate')
                recipient.close()
        recipient = Demanding(self.ports.city, certificate, key, ssl.TLSVersion.TLSv1_3)
        self.addCleanup(recipient.close)
        stranger, stranger_key = self.make_certificate('stranger')
        stranger_key.chmod(0o600)
        self.edit(f'ca_file = "{certificate}"', f'ca_file = "{certificate}", '
                  f'certificate_file = "{stranger}", key_file = "{stranger_key}"')
        self.assert_failures({**DOWN, 'uplink-certificate': (
            'refuses this box in TLS: ', f'signed {stranger}')})

    def test_who_is_not_believed_is_not_shown_the_certificate_of_the_box(self):
        certificate, key = self.make_certificate('city')
        authority, _ = self.make_certificate('another authority')
        own, own_key = self.make_certificate('box')
        own_key.chmod(0o600)
        self.secure_city(certificate, key, authority)
        self.city.terminate()
        self.edit(f'ca_file = "{authority}"', f'ca_file = "{authority}", '
                  f'certificate_file = "{own}", key_file = "{own_key}"')
        recipient = Demanding(self.ports.city, certificate, key, ssl.TLSVersion.TLSv1_2,
                              own, ssl.CERT_OPTIONAL)
        self.addCleanup(recipient.close)
        self.assert_failures({**DOWN, 'uplink-certificate': ('signed by "city"', 'another')})
        self.assertEqual(recipient.shown, [None])

    def test_the_broker_asks_for_a_client_certificate(self):
        certificate, key = self.make_certificate('broker')
        self.broker.kill()
        file = self.directory / 'mosquitto.conf'
        file.write_text(
            f'listener {self.ports.mqtt} {LOOPBACK}\nallow_anonymous true\nuser root\n'
            f'cafile {certificate}\ncertfile {certificate}\nkeyfile {key}\n'
            'require_certificate true\ntls_version tlsv1.3\n')
        self.start(Program(['/usr/sbin/mosquitto', '-c', file], self.directory / 'mosquitto.log'))
        eventually(lambda: listens(self.ports.mqtt), 'the broker takes connections')
        plain = f'url = "mqtt://{LOOPBACK}:{self.ports.mqtt}"'
        self.edit(plain, plain.replace('mqtt:', 'mqtts:') + f'\ntls = {{ ca_file = "{certificate}" }}')
        self.assert_refused_without_a_certificate_of_its_own('broker-certificate')

    def test_the_clock_is_in_1970(self):
        certificate, key = self.make_certificate('city')
        self.secure_city(certificate, key, certificate)
        self.assert_failures({
            **DOWN, 'clock-date': ('The clock says 1970-01-01', 'NTP'),
            'uplink-certificate': ('is valid from', 'most often the clock is wrong')},
            environment=believing('1970-01-01 00:10:00'))


class Files(Box):
    def test_a_mistake_in_the_configuration(self):
        self.edit('city = ', 'citi = ')
        self.assert_failures({**DOWN, 'configuration': ("passerelle.toml:4:1: ", 'city')})

    def test_the_configuration_is_no_toml(self):
        self.settings.write_text('[gateway\n')
        codes = {check['code'] for check in self.examine() if check['severity'] == 'failure'}
        self.assertLessEqual({'configuration'}, codes)

    def test_a_secret_that_everybody_reads(self):
        key = self.directory / 'noise-7.key'
        key.chmod(0o644)
        self.assert_failures({**DOWN, 'secrets': (f'can read {key}', f'chmod o= {key}')})

    def test_keys_that_everybody_reads(self):
        self.run_gateway()
        keys = self.directory / 'state/keys'
        (keys / 'consents.key').chmod(0o644)
        self.assert_failures({'keys': ('consents.key', f'chmod -R go= {keys}')})

    def test_the_buffer_is_damaged(self):
        self.run_gateway()
        publish(self.ports.mqtt, [
            (f'water/m-{number}/reading', json.dumps({'m3': number})) for number in range(200)])
        self.delivered()
        self.gateway.terminate()
        self.assert_failures(DOWN)
        buffer = self.directory / 'buffer.db'
        content = bytearray(buffer.read_bytes())
        content[-2000] ^= 1
        buffer.write_bytes(content)
        self.assert_failures({**DOWN, 'buffer-pages': ('1 are not as they were', 'replace')})

    def test_the_buffer_of_a_gateway_that_was_killed_is_well(self):
        self.city.terminate()
        self.run_gateway()
        publish(self.ports.mqtt, [
            (f'water/m-{number}/reading', json.dumps({'m3': number})) for number in range(500)])
        eventually(lambda: self.gateway.ledger()['stored'] >= 100, 'some readings are stored')
        self.gateway.kill()
        checks = {check['code']: check for check in self.examine()}
        self.assertEqual(checks['buffer-pages']['severity'], 'ok', checks['buffer-pages'])
        self.assertGreater((self.directory / 'buffer.db-wal').stat().st_size, 0)

    def test_the_directory_of_the_buffer_cannot_be_written_to(self):
        data = self.directory / 'data'
        data.mkdir()
        self.edit(f'{self.directory}/buffer.db', f'{data}/buffer.db')
        if os.geteuid() != 0:
            data.chmod(0o500)
            self.addCleanup(data.chmod, 0o700)
            self.assert_failures(
                {**DOWN, 'buffer-directory': (f'cannot write into the directory {data}', 'chown')})
            return
        state = self.directory / 'state'
        state.mkdir()
        for path in (self.directory / 'noise-7.key', state):
            os.chown(path, NOBODY, NOBODY)
        self.examine_as_nobody()  # skips where that cannot be
        self.assert_failures(
            {**DOWN, 'buffer-directory': (f'cannot write into the directory {data}', 'chown')},
            user=NOBODY, group=NOBODY, extra_groups=[])


@unittest.skipUnless(os.geteuid() == 0, 'mounting a small disk takes root')
class FullDisk(Box):
    def test_the_disk_of_the_buffer_is_full(self):
        disk = self.directory / 'disk'
        disk.mkdir()
        mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64m', 'none', disk],
                                 capture_output=True, text=True, check=False)
        if mounted.returncode:
            self.skipTest(f'no small disk can be mounted: {mounted.stderr.strip()}')
        self.addCleanup(subprocess.run, ['umount', '--lazy', disk], check=True)
        self.edit(f'path = "{self.directory}/buffer.db"',
                  f'path = "{disk}/buffer.db"\nsize_max = "16 MiB"')
        self.assert_failures(DOWN)
        (disk / 'filler').write_bytes(bytes(50 << 20))
        self.assert_failures({**DOWN, 'disk-space': (f'The disk of {disk} is full', 'du -xh')})


if __name__ == '__main__':
    unittest.main()
