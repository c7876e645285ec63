"""Every profile of config/profiles works as it stands: the messages that its comments show come in
and reach its recipients, and every command that looks at it has something to say."""
import contextlib
import json
import re
import subprocess
import sys
import tempfile
import time
import tomllib
import unittest
import urllib.request
from pathlib import Path

from coap_client import CONTENT_FORMATS, CoapClient
from harness import (PASSERELLE, ROOT, WAIT_SECONDS_MAX, Broker, City, Gateway, SystemTest,
                     balances, eventually)
from load import publish, stamp
from loopback import LOOPBACK, free_port, free_udp_port

sys.path.insert(0, str(ROOT / 'packaging/quickstart.d'))
from substitution import substitute  # noqa: E402

PROFILES = ROOT / 'config/profiles'
CITY, OPERATOR = 'plateforme-municipale', 'exploitant'  # the profiles' names for recipients
_MARK = re.compile(r'# quickstart: ([\w-]+)')
_EXAMPLE = re.compile(r'^# +(topic|path) +(\S+)\n# +message +(.+)$', re.MULTILINE)
_AGE = re.compile('batch_age_max = "[^"]*"')
_TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ')
_SENML_TIME = re.compile(r'("bt": )\d+')


class ProfileTest(SystemTest):
    def _try(self, name):
        text = (PROFILES / f'{name}.toml').read_text()
        self.promised = tomllib.loads(text)
        self._start_around(text)
        examples = self._send(text)
        self.assertEqual(self._arrived(examples), self.wanted)
        self._check_recipients()
        self._look_with_every_command(text)

    def _start_around(self, text):
        self.mqtt, self.coap, self.status = free_port(), free_udp_port(), free_port()
        self.start(Broker(self.directory, self.mqtt))
        self.wanted = {dataset['name'] for dataset in tomllib.loads(text)['dataset']}
        self.cities = {}
        for uplink in tomllib.loads(text)['uplink']:
            folder = self.directory / uplink['name']
            folder.mkdir()
            self.cities[uplink['name']] = self.start(City(folder, free_port()))
        self.settings = self.directory / 'passerelle.toml'
        self.settings.write_text(self._here(text))
        self.gateway = self.start(Gateway(self.directory, self.settings, self.status))
        eventually(lambda: all(source['connected'] for source in self.gateway.status()['sources']),
                   'every way in can receive')

    def _here(self, text):
        """The profile with this machine's ports and directory; secrets are made."""
        values = {
            'state-directory': self.directory / 'state',
            'buffer-path': self.directory / 'buffer.db',
            'clock-trust': 'always', 'status-port': f'{LOOPBACK}:{self.status}',
            'status-socket': self.directory / 'status.sock',
            'mqtt-port': f'mqtt://{LOOPBACK}:{self.mqtt}', 'coap-port': f'{LOOPBACK}:{self.coap}'}
        for name, marker in ((CITY, 'uplink-url'), (OPERATOR, 'utility-url')):
            if name in self.cities:
                values[marker] = f'http://{LOOPBACK}:{self.cities[name].port}/v1/batches'
        marked = set(_MARK.findall(text))
        text = substitute(text, {name: values[name] for name in marked})
        for secret in re.findall(r'"/etc/passerelle/([\w-]+)"', text):
            path = self.directory / secret
            path.write_text('a token of this test only')
            path.chmod(0o600)
        text = _AGE.sub('batch_age_max = "200 ms"', text)  # nobody waits a quarter of an hour here
        return text.replace('"/etc/passerelle/', f'"{self.directory}/')

    def _send(self, text):
        """The messages of the comments, dated now; how many there are."""
        examples = _EXAMPLE.findall(text)
        self.assertGreater(len(examples), 0)
        now = int(time.time()) - 60
        for kind, where, message in examples:
            message = _TIME.sub(stamp(now * 1000), _SENML_TIME.sub(rf'\g<1>{now}', message))
            json.loads(message)
            if kind == 'topic':
                publish(self.mqtt, [(where, message)])
            else:
                self._post(where, message)
        return examples

    def _post(self, path, message):
        with contextlib.closing(CoapClient(self.coap)) as client:
            code = client.post(path, message.encode(), CONTENT_FORMATS['senml-json'],
                               time.monotonic() + WAIT_SECONDS_MAX)
        self.assertEqual(code, '2.04')

    def _arrived(self, examples):
        """The datasets that the city has, once something of every source is delivered."""
        self.assertEqual(len(examples), len(self.gateway.status()['sources']))

        def done():
            status = self.gateway.status()
            there = all(source['stored'] > 0 for source in status['sources'])
            uplinks = status['ledger']['uplinks'].values()
            return status['ledger'] if there and not any(u['waiting'] for u in uplinks) else None
        ledger = eventually(done, 'everything is delivered')
        self.assertEqual(ledger['refused'], {})
        self.assertTrue(balances(ledger), ledger)
        return set(self.cities[CITY].summary()['by_dataset'])

    def _check_recipients(self):
        for name, city in self.cities.items():
            uplink, = (u for u in self.promised['uplink'] if u['name'] == name)
            summary = city.summary()
            self.assertEqual(set(summary['by_dataset']), set(uplink.get('datasets', self.wanted)))
            self.assertEqual((summary['duplicates'], summary['errors']), (0, {}))
        self._check_privacy()

    def _check_privacy(self):
        """Nothing arrives that no rule lets through, and no name where the rule is a pseudonym."""
        fields = {dataset['name']: dataset['fields'] for dataset in self.promised['dataset']}
        url = f'http://{LOOPBACK}:{self.cities[CITY].port}/readings?limit=1000'
        with urllib.request.urlopen(url, timeout=10) as answer:
            readings = json.load(answer)
        self.assertGreater(len(readings), 0)
        for reading in readings:
            rules = fields[reading['dataset']]
            passing = {name for name, rule in rules.items() if rule['rule'] != 'drop'}
            self.assertLessEqual(set(reading['attributes']), passing)
            is_pseudonym = re.fullmatch('[a-z2-7]{26}', reading['device']) is not None
            self.assertEqual(is_pseudonym, rules['device']['rule'] == 'pseudonym', reading)

    def _look_with_every_command(self, text):
        profile = self.directory / 'profile.toml'
        profile.write_text(text)
        for language in ('fr', 'en'):
            for arguments in (['check', '--without-files'], ['register'], ['register', '--html'],
                              ['register', '--json'], ['charter'], ['charter', '--html'],
                              ['catalogue']):
                with self.subTest(language=language, arguments=arguments):
                    done = subprocess.run(
                        [PASSERELLE, '--lang', language, *arguments, profile],
                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, text=True)
                    self.assertEqual((done.returncode, done.stderr), (0, ''))
                    self.assertGreater(len(done.stdout), 500)


class Profiles(ProfileTest):
    """A test for each file."""


def _test(name):
    return lambda self: self._try(name)


for _profile in sorted(PROFILES.glob('*.toml')):
    setattr(Profiles, f'test_{_profile.stem}', _test(_profile.stem))


class Control(ProfileTest):
    """What the tests above find when a gateway does not keep what the profile says."""

    def test_a_rule_that_is_not_kept_is_found(self):
        text = (PROFILES / 'water.toml').read_text()
        self.promised = tomllib.loads(text)
        for promised, kept in (('client = { rule = "drop", class = "direct" }', 'client = "keep"'),
                               ('{ rule = "pseudonym", epoch = "P1M", class = "direct" }',
                                '{ rule = "keep", class = "public" }')):
            self.assertIn(promised, text)
            with self.subTest(kept=kept), self.subdirectory():
                self._start_around(text.replace(promised, kept))
                self._arrived(self._send(text))
                with self.assertRaises(AssertionError):
                    self._check_privacy()

    @contextlib.contextmanager
    def subdirectory(self):
        with tempfile.TemporaryDirectory(dir=self.directory) as folder:
            above, self.directory = self.directory, Path(folder)
            yield
            self._end()
            self.programs.clear()
            self.directory = above

    def test_every_profile_is_tried(self):
        tried = {name[len('test_'):] for name in vars(Profiles) if name.startswith('test_')}
        self.assertLessEqual({'water', 'energy', 'air', 'noise', 'waste', 'lighting'}, tried)
        self.assertEqual(tried, {Path(p).stem for p in PROFILES.iterdir()})


if __name__ == '__main__':
    unittest.main()
