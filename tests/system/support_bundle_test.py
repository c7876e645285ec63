"""passerelle support-bundle: nothing of secrets, people and devices is in it, and who sends it
knows before it is written what is."""
import json
import os
import pty
import select
import stat
import subprocess
import tarfile
import time
import unittest

from harness import PASSERELLE, StageTest, eventually
from load import publish, stamp
from loopback import LOOPBACK, listens

DEVICE = 'canary-meter-7731'
SECRET = 'canary-token-9f3ac1'
# What a box may know of people, places and ways in; each is told to the gateway in one way.
CANARIES = {
    'gateway': 'canary-kiosk-medina', 'city': 'canaryville', 'purpose': 'canary purpose',
    'holder': 'canary-ben-salah', 'phone': '+21698canary', 'topic': 'canary-rue-nour',
    'device': DEVICE, 'secret': SECRET, 'account': 'canary-account', 'host': 'canary-host.example',
    'field': 'canary_field', 'source': 'canary-source', 'dataset': 'canary-dataset',
    'uplink': 'canary-uplink', 'comment': 'canary-comment', 'path': 'canary-path',
    'latitude': '36.8065canary'}
FILES = {'README.txt', 'buffer.json', 'changes.json', 'configuration.json', 'doctor.json',
         'history.json', 'metrics.txt', 'status.json', 'system.json'}
MORE = '''
# {comment}: {phone}, {latitude}
[[source]]
name = "{source}"
driver = "mqtt-listener"
listen = "127.0.0.1:{port}"
anonymous = true
topics = ["{topic}/{{device}}/reading"]
format = "json"
dataset = "{dataset}"
[source.json]
time = "/ts"
readings = [{{ quantity = "water.volume", path = "/m3", unit = "m3" }}]
attributes = {{ {field} = "/{field}" }}

[[dataset]]
name = "{dataset}"
purpose = "{purpose}"
legal_basis = "public task"
retention = "P17D"
[dataset.fields]
device = "keep"
{field} = "keep"

[[uplink]]
name = "{uplink}"
kind = "mqtt"
url = "mqtt://{host}:1884"
topic = "{topic}/{{dataset}}"
username = "{account}"
password = {{ file = "{secret_file}" }}
datasets = ["{dataset}"]
'''


class SupportBundle(StageTest):
    def setUp(self):
        secret = CANARIES['path']
        super().setUp()
        self.assertEqual(self.gateway.terminate(), 0)
        file = self.directory / secret
        file.write_text(SECRET)
        file.chmod(0o600)
        text = self.settings.read_text().replace('system-test-01', CANARIES['gateway'])
        text = text.replace('Testville', CANARIES['city'])
        socket = self.directory / 'status.sock'
        text = text.replace('[status]\n', f'[status]\nsocket = "{socket}"\n')
        self.settings.write_text(text + MORE.format(
            **CANARIES, secret_file=file, port=self.ports.listener))
        self.gateway = self.start(self.make_gateway())
        self.into = self.directory / 'bundle.tar.gz'
        eventually(lambda: listens(self.ports.listener), 'the listener takes readings')
        self.tell_of_people()

    def tell_of_people(self):
        """A reading of a person, and a message that is refused: both are full of canaries."""
        topic = CANARIES['topic']
        publish(self.ports.listener, [(f'{topic}/{DEVICE}/reading', json.dumps({
            'ts': stamp(int(time.time()) * 1000), 'm3': 1,
            CANARIES['field']: CANARIES['holder']}))])
        subprocess.run(
            ['mosquitto_pub', '-h', LOOPBACK, '-p', str(self.ports.listener), '-V', 'mqttv5',
             '-q', '1', '-t', f'{topic}/{CANARIES["holder"]}/reading', '-m', CANARIES['phone']],
            capture_output=True, timeout=30)
        eventually(lambda: self.gateway.ledger()['refused'], 'the message is refused')

    def bundle(self, *options, **how):
        return subprocess.run(
            [PASSERELLE, '--lang', how.pop('language', 'en'), 'support-bundle', '-c',
             str(self.settings), *map(str, options)], capture_output=True, text=True, timeout=120,
            stdin=subprocess.DEVNULL, **how)

    def written(self):
        answer = self.bundle('--yes', '--into', self.into)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        with tarfile.open(self.into) as archive:
            return answer, {
                member.name.removeprefix('passerelle-support/'):
                    archive.extractfile(member).read().decode()
                for member in archive.getmembers()}

    @staticmethod
    def found(texts):
        together = '\n'.join(texts).lower()
        return {name for name, canary in CANARIES.items() if canary.lower() in together}

    def test_no_canary_is_in_it(self):
        answer, files = self.written()
        self.assertEqual(set(files), FILES)
        self.assertEqual(self.found([*files.values(), answer.stdout, answer.stderr]), set())
        # The control: what it was made of has every one of them.
        raw = [self.settings.read_text(), (self.directory / CANARIES['path']).read_text()]
        for route in ('/status', '/history', '/metrics', '/devices'):
            raw.append(self.gateway.get(route)[2])
        export = subprocess.run([PASSERELLE, 'buffer', 'export', '-c', self.settings],
                                capture_output=True, text=True, check=True)
        raw.append(export.stdout)
        self.assertEqual(self.found(raw), set(CANARIES))
        for members in (json.loads(files[name]) for name in files if name.endswith('.json')):
            self.assertTrue(members)

    def test_what_a_helpdesk_needs_is_in_it(self):
        eventually(lambda: any(problem['code'].startswith('uplink-unreachable:')
                               for problem in self.gateway.status()['problems']),
                   'a recipient is known to be away')
        _, files = self.written()
        settings = json.loads(files['configuration.json'])
        self.assertEqual(settings['dataset'][1]['name'], 'dataset-2')
        self.assertEqual(settings['dataset'][1]['retention'], 'P17D')
        self.assertRegex(settings['uplink'][1]['url'], r'^mqtt://host-\d:1884$')
        self.assertEqual(settings['uplink'][1]['datasets'], ['dataset-2'])
        self.assertEqual(settings['source'][0]['url'], f'mqtt://loopback:{self.ports.mqtt}')
        self.assertEqual(settings['source'][-1]['driver'], 'mqtt-listener')
        self.assertEqual(settings['source'][-1]['listen'], f'loopback:{self.ports.listener}')
        status = json.loads(files['status.json'])
        self.assertEqual(set(status['ledger']['uplinks']), {'uplink-1', 'uplink-2'})
        self.assertGreater(status['ledger']['stored'], 0)
        self.assertIn('uplink-unreachable:uplink-2',
                      {problem['code'] for problem in status['problems']})
        self.assertRegex(files['metrics.txt'], r'uplink="uplink-[12]"')
        self.assertTrue(files['metrics.txt'].rstrip().endswith('# EOF'))
        checks = {check['code']: check for check in json.loads(files['doctor.json'])['checks']}
        self.assertEqual(checks['gateway'], {'code': 'gateway', 'severity': 'ok'})
        self.assertEqual(
            {dataset['name'] for dataset in json.loads(files['buffer.json'])['datasets']},
            {'dataset-1', 'dataset-2'})
        system = json.loads(files['system.json'])
        self.assertEqual(system['kernel'], os.uname().release)
        self.assertGreater(system['memory']['total'], 0)
        self.assertNotIn(os.uname().nodename, files['system.json'])

    def test_the_list_comes_before_and_alone(self):
        answer = self.bundle('--list', '--into', self.into)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        for name in FILES:
            self.assertRegex(answer.stdout, rf'{name}, [0-9.,]+\s(bytes|KiB|MiB)\n +\w')
        self.assertFalse(self.into.exists())
        answer = self.bundle('--into', self.into)  # nobody to be asked
        self.assertEqual(answer.returncode, 64)
        self.assertIn('--yes', answer.stderr)
        self.assertIn('status.json', answer.stdout)
        self.assertFalse(self.into.exists())
        self.assertIn('passerelle qui tourne', self.bundle('--list', language='fr').stdout)

    def test_who_sits_at_a_terminal_is_asked(self):
        for answer, status in (('n', 1), ('y', 0)):
            terminal, theirs = pty.openpty()
            process = subprocess.Popen(
                [PASSERELLE, '--lang', 'en', 'support-bundle', '-c', str(self.settings), '--into',
                 str(self.into)], stdin=theirs, stdout=theirs, stderr=theirs)
            os.close(theirs)
            shown = b''
            while b'[y/N]' not in shown:
                self.assertTrue(select.select([terminal], [], [], 60)[0], shown)
                shown += os.read(terminal, 4096)
            self.assertIn(b'status.json', shown)
            self.assertFalse(self.into.exists())
            os.write(terminal, answer.encode() + b'\n')
            self.assertEqual(process.wait(60), status)
            os.close(terminal)
        self.assertTrue(self.into.exists())

    def test_the_file_is_private_and_is_not_overwritten(self):
        before = os.umask(0)
        self.addCleanup(os.umask, before)
        self.written()
        self.assertEqual(stat.S_IMODE(self.into.stat().st_mode), 0o600)
        content = self.into.read_bytes()
        self.assertEqual(self.bundle('--yes', '--into', self.into).returncode, 69)
        self.assertEqual(self.into.read_bytes(), content)
        listed = subprocess.run(['tar', '-tvzf', self.into], capture_output=True, text=True,
                                check=True)
        self.assertEqual(len(listed.stdout.splitlines()), len(FILES))

    def test_without_a_gateway_and_with_a_broken_configuration(self):
        self.assertEqual(self.gateway.terminate(), 0)
        _, files = self.written()
        self.assertEqual(set(files), FILES - {'status.json', 'history.json', 'metrics.txt'})
        self.settings.write_text(self.settings.read_text() + f'\npassword = "{SECRET}"\n')
        self.into.unlink()
        answer, files = self.written()
        self.assertIn('configuration-errors.txt', files)
        self.assertNotIn('configuration.json', files)
        self.assertEqual(self.found([*files.values(), answer.stdout, answer.stderr]), set())


if __name__ == '__main__':
    unittest.main()
