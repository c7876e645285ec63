"""`passerelle setup` on the built program: at a real terminal in both languages, from a file of
answers, and on options. What it has written is checked, and started; a reading is stored."""
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import time
import tomllib
import unittest
from pathlib import Path

from harness import (PASSERELLE, ROOT, WAIT_SECONDS_MAX, Broker, City, Gateway, SystemTest,
                     eventually)
from load import publish, stamp
from loopback import LOOPBACK, free_port, free_udp_port
from terminal import Terminal

COLUMNS = 80
TOKEN = 'a token of this test only'
NOT_DONE, USAGE, NOT_WRITTEN, CONFIGURATION = 1, 64, 74, 78
LOCALES = Path(PASSERELLE).parents[1] / 'locale'


class SetupTest(SystemTest):
    """A program that is installed: its profiles and its example lie beside it."""

    @classmethod
    def setUpClass(cls):
        cls.installed = Path(PASSERELLE).parent / 'setup-test' / str(os.getpid())
        cls.addClassCleanup(shutil.rmtree, cls.installed, True)
        (cls.installed / 'bin').mkdir(parents=True)
        cls.program = cls.installed / 'bin/passerelle'
        os.link(PASSERELLE, cls.program)
        share = cls.installed / 'share/passerelle'
        shutil.copytree(ROOT / 'config/profiles', share / 'profiles')
        shutil.copy(ROOT / 'config/passerelle.toml', share)

    def setUp(self):
        super().setUp()
        self.etc = self.directory / 'etc'
        self.file = self.etc / 'passerelle.toml'

    def environment(self, language='en'):
        return {'LC_ALL': f'{language}.UTF-8', 'PASSERELLE_LOCALEDIR': str(LOCALES)}

    def setup(self, *options, expected=0, language='en', file=None):
        """What it says on standard output; on standard error in `said`."""
        done = subprocess.run(
            [self.program, 'setup', '--config', file or self.file, *map(str, options)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
            env={**os.environ, **self.environment(language)})
        self.said = done.stderr
        self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
        return done.stdout

    def check(self, *options):
        done = subprocess.run([PASSERELLE, 'check', *options, self.file], capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ''))

    def written(self):
        return sorted(path.name for path in self.etc.iterdir()) if self.etc.exists() else []

    def places(self):
        """Answers that nobody asks for: this box has no directories of a system."""
        self.status = free_port()
        return {'state_directory': self.directory / 'state',
                'status_listen': f'{LOOPBACK}:{self.status}',
                'status_socket': self.directory / 'status.sock'}

    def start_gateway(self):
        """With two lines changed by hand: nobody need have set the clock of this machine, and a
        test waits for no batch."""
        text = self.file.read_text()
        self.assertIn('trust = "kernel"', text)
        text = text.replace('trust = "kernel"', 'trust = "always"')
        self.file.write_text(
            re.sub('batch_age_max = "[^"]+"', 'batch_age_max = "200 ms"', text))
        self.check()
        gateway = self.start(Gateway(self.directory, self.file, self.status))
        eventually(gateway.connected, 'every way in can receive')
        return gateway

    def let_in(self, device, source, host=LOOPBACK):
        """What the device is told."""
        return subprocess.run(
            [PASSERELLE, 'device', 'add', device, '--source', source, '--host', host, '--no-qr',
             '--config', self.file], capture_output=True, text=True, timeout=60, check=True,
            env={**os.environ, **self.environment()}).stdout

    def send(self, gateway, count, sheet, message, **changes):
        """Does as the sheet of a device says, with one message, until so many are stored: the
        gateway knows a new device after a second or two."""
        lines = [line.strip() for line in sheet.splitlines()]
        command = next(line for line in lines if line.startswith(('mosquitto_pub', 'coap-client')))
        path = self.directory / 'message.json'
        path.write_text(json.dumps(message))
        for word, other in {'FILE': path, 'BOX.crt': self.etc / 'box.crt', **changes}.items():
            command = command.replace(word, str(other))
        words = shlex.split(command)
        if words[0].startswith('coap'):
            words[1:1] = ['-t', 'json', '-B', '5']

        def is_stored():
            subprocess.run(words, capture_output=True, timeout=60, check=False)
            return gateway.ledger()['stored'] == count
        eventually(is_stored, f'{command} is stored')

    def stored(self, gateway, count):
        eventually(lambda: gateway.ledger()['stored'] == count, f'{count} readings are stored')


def a_minute_ago():
    return stamp(int(time.time() * 1000) - 60_000)


def options_of(answers):
    return [word for key, value in answers.items()
            for word in (f'--{key.replace("_", "-")}', str(value))]


class Dialogue:
    """A technician at a terminal: waits for what is asked, and types."""

    def __init__(self, test, *options, language='en', kind='xterm', user=None):
        be_user = ['setpriv', f'--reuid={user}', '--clear-groups'] if user else []
        self.terminal = Terminal(
            [*be_user, test.program, 'setup', '--config', test.file, *map(str, options)],
            environment={**test.environment(language), 'TERM': kind})
        test.addCleanup(self.terminal.close)
        self.seen = 0

    @property
    def text(self):
        return self.terminal.written.replace('\r\n', '\n')

    def expect(self, words, prompt='> '):
        """Until it has asked this; what it said since the last time."""
        def has_asked():
            said = self.text[self.seen:]
            plain = re.sub(r'[\s\u00a0]+', ' ', said)
            return said if words in plain and said.endswith(prompt) else None
        said = eventually(has_asked, f'{words!r} is asked', 30)
        self.seen = len(self.text)
        return said

    def answer(self, words, answer, prompt='> '):
        said = self.expect(words, prompt)
        self.terminal.type(answer.encode() + b'\n')
        return said

    def end(self, last=''):
        """Its exit status, once all of it is read: up to its last words."""
        status = self.terminal.process.wait(WAIT_SECONDS_MAX)
        eventually(lambda: last in self.text[self.seen:], f'{last!r} is said', 30)
        return status


class AtATerminal(SetupTest):
    """Every question, in French and in English."""

    def test_a_technician_in_french(self):
        city = self.start(City(self.directory, free_port()))
        url = f'http://{LOOPBACK}:{city.port}/v1/batches'
        port = free_port()
        box = Dialogue(self, *options_of(self.places()), language='fr')
        said = box.answer('Langue de ce boîtier', '')
        self.assertIn('Rien n’est écrit avant la fin', said.replace('\n', ' '))
        box.answer('Nom de ce boîtier', 'station été')
        box.answer('n’est pas un nom', 'station-07')
        box.answer('Ville', 'Ben Arous')
        self.assertIn('Qualité de l’air', box.answer('Service', 'eau'))
        box.answer('ne peut pas valoir', 'water')
        box.answer('« water-meters »', '1')
        box.answer('Adresse et port', '0.0.0.0:99999')
        box.answer('n’est pas une adresse', f'{LOOPBACK}:{port}')
        box.answer('« network-probes »', '')
        box.answer('Certificat de ce boîtier', '')
        box.answer('atteignent ce boîtier', 'localhost')
        box.answer('Adresse de la plateforme', 'plateforme')
        box.answer('n’est pas une URL', url)
        box.answer('Fichier du jeton', '')
        box.answer('que doit-il contenir', TOKEN)
        box.answer('Groupe', '-')
        box.answer('habitants', 'donnees@benarous.example')
        box.answer('Responsable', '')
        box.answer('loi', 'tn')
        said = box.answer('Écrire tout cela', 'o', '[o/N] ')
        shown = said.split('La configuration\u00a0:\n\n')[1].split('\nSera écrit\u00a0:')[0]
        self.assertEqual(box.end('passerelle doctor'), 0)
        self.assertIn('passerelle device add NAME --source water-meters', box.text)
        self.assertNotIn(TOKEN, box.text)
        self.assertTrue(box.terminal.is_as_before())
        asked = box.text.split('La configuration\u00a0:')[0]
        self.assertLessEqual(max(map(len, asked.splitlines())), COLUMNS)
        self.assertEqual(self.file.read_text(), shown)
        self.check_french()
        self.check_a_meter(city)

    def check_french(self):
        text = self.file.read_text()
        self.assertIn('# La configuration de ce boîtier', text)
        self.assertIn('#     message  {"ts"', text)
        self.assertNotIn('tunis', text.lower().replace('water-meters', ''))
        self.assertNotIn('.example', text.replace('benarous.example', ''))
        self.assertNotIn(TOKEN, text)
        said = tomllib.loads(text)
        self.assertEqual(said['gateway']['city'], 'Ben Arous')
        self.assertEqual(said['register'], {'profile': 'tn', 'controller': 'Ben Arous',
                                            'contact': 'donnees@benarous.example'})
        self.assertEqual([dataset['name'] for dataset in said['dataset']], ['water'])
        self.assertTrue(said['dataset'][0]['spatial'].endswith('/TUN'))
        self.assertEqual((self.etc / 'platform-token').read_text(), TOKEN + '\n')
        for secret in ('platform-token', 'box.key', 'devices-water-meters', 'passerelle.toml'):
            mode = (self.etc / secret).stat().st_mode
            self.assertEqual(stat.S_IMODE(mode) & stat.S_IRWXO, 0, secret)
        self.check()
        self.check('--without-files')

    def check_a_meter(self, city):
        """It is let in, sends over TLS, and the city gets its reading."""
        gateway = self.start_gateway()
        self.check_with_the_doctor()
        sheet = self.let_in('m-1', 'water-meters', 'localhost')
        self.send(gateway, 1, sheet, {'ts': a_minute_ago(), 'm3': 12.5, 'customer': 'A-1207'})
        eventually(lambda: city.summary()['readings'] == 1, 'the city has it')

    def check_with_the_doctor(self):
        """Nothing that was written is wrong; the box itself is the test's."""
        said = json.loads(subprocess.run(
            [PASSERELLE, 'doctor', '--json', '--config', self.file], capture_output=True,
            text=True, timeout=120, check=False).stdout)
        looked_at = {'secrets', 'private-keys', 'certificates', 'certificate-expiry', 'ports',
                     'configuration', 'configuration-doubts', 'configuration-rights',
                     'uplink-connection'}
        checks = [check for check in said['checks'] if check['code'] in looked_at]
        self.assertEqual({check['code'] for check in checks}, looked_at)
        self.assertEqual([check for check in checks if check['severity'] != 'ok'], [])

    def test_a_technician_in_english_with_a_broker(self):
        broker = self.start(Broker(self.directory, free_port()))
        box = Dialogue(self, '--id', 'kiosk-3', *options_of(self.places()), kind='dumb')
        box.answer('Language of this box', 'en')
        box.answer('City', '')
        box.answer('Service', 'noise')
        box.answer('"sonometers"', 'mqtt')
        box.answer('Address of the broker', f'mqtt://{LOOPBACK}:{broker.port}')
        box.answer('User at the broker', '')
        box.answer('platform', '')
        box.answer('Group', '')
        box.answer('citizens', '')
        box.answer('Write this?', 'y', '[y/N] ')
        self.assertEqual(box.end(), 0)
        text = self.file.read_text()
        self.assertIn('# Nobody receives the readings yet', text)
        self.assertNotIn('city', tomllib.loads(text)['gateway'])
        self.assertEqual(self.written(), ['passerelle.toml'])
        gateway = self.start_started(text)
        message = {'ts': a_minute_ago(), 'laeq': 61.9}
        publish(broker.port, [('noise/terreaux-2/level', json.dumps(message))])
        self.stored(gateway, 1)

    def start_started(self, text):
        """Without a recipient check warns; what waits to be completed can be."""
        completed = re.sub(r'(?m)^#     ', '', text.split('# Nobody receives')[1])
        completed = completed[completed.index('[[uplink]]'):].replace('…', 'data.example.org/')
        (self.etc / 'platform-token').write_text(TOKEN)
        (self.etc / 'platform-token').chmod(0o600)
        self.file.write_text(text.split('# Nobody receives')[0] + completed)
        return self.start_gateway()

    def test_what_ends_it_leaves_nothing_behind(self):
        """Ctrl-C and the end of input at every question, the one for a secret included."""
        answers = [('Language', ''), ('Name', ''), ('City', 'Lyon'), ('Service', 'noise'),
                   ('"sonometers"', ''), ('port', ''), ('Certificate', ''), ('Name or', ''),
                   ('platform', 'https://data.example.org/'), ('token', ''), ('shown', TOKEN),
                   ('authority', ''), ('Group', ''), ('citizens', ''), ('Write this?', 'n')]
        for count in range(len(answers)):
            for key in (b'\x03', b'\x04'):
                with self.subTest(question=answers[count][0], key=key):
                    box = Dialogue(self)
                    for words, answer in answers[:count]:
                        box.answer(words, answer)
                    last = answers[count][0]
                    box.expect(last, '[y/N] ' if last == 'Write this?' else '> ')
                    box.terminal.type(key)
                    self.assertEqual(box.end(), NOT_DONE)
                    self.assertTrue(box.terminal.is_as_before())
                    self.assertFalse(self.etc.exists())
        box = Dialogue(self)
        for words, answer in answers:
            box.answer(words, answer, '[y/N] ' if words == 'Write this?' else '> ')
        self.assertEqual(box.end('Nothing was written.'), NOT_DONE)
        self.assertNotIn(TOKEN, box.text)
        self.assertFalse(self.etc.exists())

    def test_who_never_answers_is_not_asked_for_ever(self):
        box = Dialogue(self)
        box.answer('Language', '')
        for _ in range(20):
            box.answer('', 'not a name')
        self.assertEqual(box.end(), NOT_DONE)
        self.assertFalse(self.etc.exists())

    def test_a_changed_file_is_replaced_by_whom_agrees(self):
        self.etc.mkdir()
        self.file.write_text('# mine\n')
        for answer, status in (('n', NOT_DONE), ('y', 0)):
            given = options_of({'language': 'en', 'id': 'a', 'city': 'b', 'profile': 'noise',
                                'certificate': 'make', 'host': 'localhost', 'group': '',
                                'uplink_url': '', 'contact': ''})
            box = Dialogue(self, *given, '--connect', 'sonometers=mqtt-listener',
                           '--listen', 'sonometers=0.0.0.0:8883')
            said = box.answer('Write this?', answer, '[y/N] ')
            self.assertIn('ATTENTION', said)
            self.assertEqual(box.end(), status)
        self.assertEqual((self.etc / 'passerelle.toml.bak').read_text(), '# mine\n')
        self.assertIn('id = "a"', self.file.read_text())


class ByAnswers(SetupTest):
    """Nobody is there."""

    def answers(self, text):
        path = self.directory / 'answers.toml'
        path.write_text(text)
        return path

    def test_a_file_of_answers_makes_a_gateway_that_works(self):
        broker = self.start(Broker(self.directory, free_port()))
        city = self.start(City(self.directory, free_port()))
        token = self.directory / 'token'
        token.write_text(TOKEN)
        token.chmod(0o600)
        path = self.answers(f'''
language = "fr"
id = "nantes-nord-12"
city = "Nantes"
profile = "energy"
broker = "mqtt://{LOOPBACK}:{broker.port}"
uplink_url = "http://{LOOPBACK}:{city.port}/v1/batches"
token_file = "{token}"
contact = "https://nantes.example/donnees"
controller = "Ville de Nantes"

[connect]
home-meters = "mqtt"
kiosks = "coap"

[listen]
kiosks = "{LOOPBACK}:{free_udp_port()}"
''')
        said = self.setup('--answers', path, '--yes', *options_of(self.places()))
        self.assertIn('is written', said.lower().replace('est écrit', 'is written'))
        self.assertNotIn(TOKEN, said + self.said)
        self.check()
        gateway = self.start_gateway()
        message = {'ts': a_minute_ago(), 'kwh': 20481.25}
        publish(broker.port, [('energy/compteur-0815/index', json.dumps(message))])
        self.stored(gateway, 1)
        sheet = self.let_in('nord-3', 'kiosks')
        self.send(gateway, 2, sheet, [{'n': 'u1', 'u': 'V', 'v': 231.4}])

    def test_who_sends_for_others_may_do_so(self):
        """A lorry, for the bins that it empties: its topic names no device."""
        port = free_port()
        self.setup('--profile', 'waste', '--yes', '--host', 'localhost', '--listen',
                   f'lorries={LOOPBACK}:{port}', '--uplink-url', 'https://data.example.org/',
                   *options_of(self.places()))
        gateway = self.start_gateway()
        sheet = self.let_in('camion-3', 'lorries', 'localhost')
        self.send(gateway, 1, sheet, {'bin': 'TAG-00417', 'ts': a_minute_ago(), 'kg': 11.4},
                  **{'{camion}': 'camion-3'})

    def test_the_reference_has_an_example_that_can_be_taken_and_every_answer(self):
        shown = self.setup('--help')
        options = set(re.findall(r'(?m)^  (?:-\w,)?--([\w-]+)', shown)) - {
            'help', 'config', 'answers', 'profiles', 'yes', 'dry-run', 'force', 'lang'}
        for name, title in (('README.md', '## A first configuration'),
                            ('README.fr.md', '## Une première configuration')):
            section = (ROOT / 'config' / name).read_text().split(title)[1].split('\n## ')[0]
            example = re.search(r'(?ms)^    language = .*?(?=^\S)', section)[0]
            self.setup('--answers', self.answers(re.sub('(?m)^    ', '', example)), '--yes',
                       '--dry-run')
            rows = re.findall(r'(?m)^\| (`.*?) \|', section)
            keys = {key.replace('_', '-') for row in rows for key in re.findall('`([^`]+)`', row)}
            self.assertEqual(keys, options)

    def test_answers_that_cannot_be_taken_are_told_with_their_places(self):
        path = self.answers('id = "no name"\nprofile = "noise"\nserial = "x"\ntoken = "secret"\n'
                            '[connect]\nsonometers = "mqtt"\nlorawan = "mqtt"\n')
        self.setup('--answers', path, '--yes', expected=CONFIGURATION)
        for place in (f'{path}:1:1: "no name" is not a name', f"{path}:3:1: nothing asks for 'ser",
                      f"{path}:4:1: nothing asks for 'token'",
                      f"{path}:7:1: nothing asks for 'connect.lorawan'"):
            self.assertIn(place, self.said)
        self.assertFalse(self.etc.exists())
        for text, place in (('id = 7\n', ':1:6: '), ('id = "a"\nid = "b"\n', ':2:1: '),
                            ('profile = "fish"\n', ':1:1: '),
                            ('profile = "noise"\n[connect]\nsonometers = "none"\n', ':3:1: '),
                            ('profile = "noise"\nuplink_url = "data"\n', ':2:1: '),
                            ('profile = "noise"\ncertificate = "files"\n'
                             'certificate_file = "/nowhere"\n', ':3:1: ')):
            with self.subTest(text=text):
                path = self.answers(text)
                self.setup('--answers', path, '--yes', expected=CONFIGURATION)
                self.assertIn(f'{path}{place}', self.said)
                self.assertFalse(self.etc.exists())

    def test_a_secret_that_is_not_there_and_nobody_can_type(self):
        self.setup('--profile', 'noise', '--uplink-url', 'https://data.example.org/',
                   '--token-file', self.directory / 'nowhere', '--yes', expected=CONFIGURATION)
        self.assertIn('--token-file: the file', self.said)
        self.assertFalse(self.etc.exists())

    def test_a_secret_that_everybody_reads_is_refused_and_nothing_stays(self):
        token = self.directory / 'token'
        token.write_text(TOKEN)
        token.chmod(0o644)
        self.setup('--profile', 'noise', '--uplink-url', 'https://data.example.org/',
                   '--token-file', token, '--yes', expected=CONFIGURATION)
        self.assertIn('every user of this machine can read', self.said)
        self.assertFalse(self.etc.exists())

    def test_usage(self):
        self.setup('--profile', 'noise', expected=USAGE)
        self.assertIn('--yes', self.said)
        self.setup('--yes', expected=USAGE)
        self.assertIn('--profile', self.said)
        (self.directory / 'own.toml').write_text('[gateway]\n')
        self.setup('--yes', '--profiles', self.directory, '--profile', 'own', expected=USAGE)
        self.assertIn('own.toml is left out', self.said)
        self.setup('--yes', '--answers', self.directory / 'nowhere', expected=USAGE)
        self.assertFalse(self.etc.exists())

    def test_a_dry_run_writes_nothing_and_shows_what_would_be(self):
        given = ('--profile', 'air', '--id', 'box-7', '--yes')
        shown = self.setup(*given, '--dry-run')
        self.assertFalse(self.etc.exists())
        self.setup(*given)
        self.assertEqual(self.file.read_text(), shown)
        self.assertEqual(self.written(), ['devices-stations', 'passerelle.toml'])

    def test_what_is_there_is_kept(self):
        given = ('--profile', 'noise', '--yes', '--host', 'localhost')
        self.etc.mkdir()
        example = (ROOT / 'config/passerelle.toml').read_text()
        self.file.write_text(example)
        self.setup(*given)
        self.assertEqual((self.etc / 'passerelle.toml.bak').read_text(), example)
        first, key = self.file.read_text(), (self.etc / 'box.key').read_text()
        (self.etc / 'devices-sonometers').write_text('m-1:hash\n')
        self.setup(*given)
        self.assertEqual(self.file.read_text(), first)
        self.file.write_text(first + '# mine\n')
        self.setup(*given, expected=NOT_DONE)
        self.assertIn('--force', self.said)
        self.assertEqual(self.file.read_text(), first + '# mine\n')
        self.setup(*given, '--force')
        self.assertEqual(self.file.read_text(), first)
        self.assertEqual((self.etc / 'passerelle.toml.bak').read_text(), example)
        self.assertEqual((self.etc / 'passerelle.toml.bak-2').read_text(), first + '# mine\n')
        self.assertEqual((self.etc / 'box.key').read_text(), key)
        self.assertEqual((self.etc / 'devices-sonometers').read_text(), 'm-1:hash\n')

    def test_a_place_that_cannot_be_written_to(self):
        (self.directory / 'file').touch()
        self.setup('--profile', 'noise', '--yes', file=self.directory / 'file/passerelle.toml',
                   expected=NOT_WRITTEN)
        self.etc.mkdir()
        (self.etc / 'passerelle.toml.new').mkdir()  # in the way of the last file
        self.setup('--profile', 'noise', '--yes', expected=NOT_WRITTEN)
        self.assertEqual(self.written(), ['passerelle.toml.new'])

    @unittest.skipUnless(os.geteuid() == 0, 'being another user takes root')
    def test_who_may_not_write_learns_it_before_any_question(self):
        self.directory.chmod(0o755)
        box = Dialogue(self, user=65534)
        self.assertEqual(box.end('sudo passerelle setup'), NOT_WRITTEN)
        self.assertNotIn('Language of this box', box.text)

    @unittest.skipUnless(os.geteuid() == 0, 'giving a file to a group takes root')
    def test_files_are_given_to_the_group_of_the_service(self):
        self.etc.mkdir()
        os.chown(self.etc, 0, 65534)
        self.setup('--profile', 'noise', '--yes')
        for name in self.written():
            status = (self.etc / name).stat()
            self.assertEqual((status.st_uid, status.st_gid), (0, 65534))
            wanted = 0o644 if name == 'box.crt' else 0o640
            self.assertEqual(stat.S_IMODE(status.st_mode), wanted, name)


if __name__ == '__main__':
    unittest.main()
