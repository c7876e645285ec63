"""The repository of packaging/repository to a real apt, over a real HTTP server: what is published
arrives, and nothing that was altered, is signed by somebody else, too old or from the future."""
import functools
import http.server
import lzma
import os
import re
import shutil
import socketserver
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import trial_package
from trial_package import ROOT, at, run

REPOSITORY = ROOT / 'packaging/repository'
FILES = ROOT / 'packaging/repository.d'
PASSPHRASELESS = '--without-passphrase'
INDEX = 'dists/bookworm/main/binary-{}'


class Server:
    """The folder as any web server shows it; `answers` are the (path, status) it gave."""

    def __init__(self, folder):
        answers = self.answers = []

        class Files(http.server.SimpleHTTPRequestHandler):
            def log_request(self, code='-', size='-'):
                if hasattr(self, 'path'):  # or else somebody has looked whether the port is open
                    answers.append((self.path, int(code)))

            def log_message(self, *_):
                pass

        self.server = socketserver.ThreadingTCPServer(
            ('127.0.0.1', 0), functools.partial(Files, directory=str(folder)))
        self.url = f'http://127.0.0.1:{self.server.server_address[1]}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Apt:
    """Of a box that has nothing of this machine's apt but the program."""

    def __init__(self, folder, sources, architecture):
        self.folder = Path(folder)
        for name in ('state/lists/partial', 'cache/archives/partial', 'sources', 'preferences',
                     'trusted', 'configuration'):
            (self.folder / name).mkdir(parents=True)
        (self.folder / 'status').touch()
        shutil.copy(sources, self.folder / 'sources/passerelle.sources')
        places = {'State': 'state', 'State::status': 'status', 'Cache': 'cache',
                  'Etc::SourceParts': 'sources', 'Etc::PreferencesParts': 'preferences',
                  'Etc::TrustedParts': 'trusted', 'Etc::Parts': 'configuration'}
        settings = {'Dir::Etc::SourceList': '/dev/null', 'Dir::Etc::Trusted': '/dev/null',
                    'Dir::Etc::Preferences': '/dev/null', 'Dir::Etc::Main': '/dev/null',
                    'APT::Architecture': architecture, 'APT::Architectures': architecture,
                    'APT::Sandbox::User': 'root', 'Acquire::Retries': '0',
                    'Acquire::http::Proxy': 'false',
                    **{f'Dir::{key}': self.folder / name for key, name in places.items()}}
        # Read before the machine's own settings, which it keeps out.
        self.settings = self.folder / 'apt.conf'
        self.settings.write_text(
            ''.join(f'{key} "{value}";\n' for key, value in settings.items()))

    def ask(self, tool, *words, clock=None):
        """(exit status, what it says)"""
        environment = {'LC_ALL': 'C.UTF-8', 'APT_CONFIG': self.settings, **at(clock)}
        done = subprocess.run([tool, *words], cwd=self.folder, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120,
                              env={**os.environ, **environment})
        return done.returncode, done.stdout

    def update(self, **how):
        return self.ask('apt-get', 'update', '--error-on=any', **how)

    def candidate(self, name='passerelle'):
        said = re.search(r'Candidate: (\S+)', self.ask('apt-cache', 'policy', name)[1])
        return said[1] if said else '(none)'


class Repository(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix='passerelle-apt-', dir='/tmp')
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.keys_folder = Path(cls.temporary.name) / 'gnupg'
        cls.keys_folder.mkdir(mode=0o700)
        cls.key, cls.other_key = (
            cls.as_city('key', name, PASSPHRASELESS).strip()
            for name in ('Ville <paquets@ville.example>', 'Inconnu <inconnu@ville.example>'))
        cls.architecture = run('dpkg', '--print-architecture').strip()
        cls.addClassCleanup(
            subprocess.run, ['gpgconf', '--homedir', cls.keys_folder, '--kill', 'all'])

    @classmethod
    def as_city(cls, *words, clock=None, status=0):
        return run(REPOSITORY, *words, status=status,
                   environment={'GNUPGHOME': str(cls.keys_folder), **at(clock)})

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir=self.temporary.name))
        self.packages, self.site = self.folder / 'packages', self.folder / 'site'
        self.packages.mkdir()
        self.deb = trial_package.make(self.packages, '0.1.0', '/bin/true')
        self.site.mkdir()
        self.published = trial_package.DATE
        self.server = Server(self.site)
        self.addCleanup(self.server.close)
        self.publish()
        self.apt = self.box()

    def publish(self, *options, keys=None, clock=None, status=0):
        named = [word for key in keys or [self.key] for word in ('--key', key)]
        said = self.as_city('publish', self.packages, self.site, *named, '--url', self.server.url,
                            *options, clock=clock, status=status)
        self.show_as_new()
        return said

    def show_as_new(self):
        """A web server tells versions apart by the second, and a test publishes twice in one."""
        self.published += 1
        os.utime(self.site / 'dists/bookworm/InRelease', (self.published, self.published))

    def box(self, architecture=None):
        return Apt(tempfile.mkdtemp(dir=self.folder), self.site / 'passerelle.sources',
                   architecture or self.architecture)

    def assert_refused(self, because, **how):
        status, said = self.apt.update(**how)
        self.assertNotEqual(status, 0, said)
        self.assertRegex(said, because)

    def test_what_is_published_arrives(self):
        status, said = self.apt.update()
        self.assertEqual(status, 0, said)
        self.assertEqual(self.apt.candidate(), '0.1.0')
        status, said = self.apt.ask('apt-get', 'download', 'passerelle')
        self.assertEqual(status, 0, said)
        fetched, = self.apt.folder.glob('*.deb')
        self.assertEqual(fetched.read_bytes(), self.deb.read_bytes())
        self.assertTrue(any('/by-hash/SHA256/' in path for path, _ in self.server.answers))

    def test_an_update_is_a_handful_of_small_files(self):
        self.apt.update()
        answers = self.server.answers
        self.assertEqual([status for _, status in answers], [200, 200], answers)
        sizes = [(self.site / path.lstrip('/')).stat().st_size for path, _ in answers]
        self.assertLess(sum(sizes), 8192)
        self.assertEqual(self.apt.update()[0], 0)
        self.assertEqual(answers[2:], [('/dists/bookworm/InRelease', 304)])

    def test_a_byte_of_the_index_is_changed(self):
        for file in (self.site / INDEX.format(self.architecture) / 'by-hash/SHA256').iterdir():
            text = file.read_bytes()
            if text.startswith(b'\xfd7zXZ'):
                text = lzma.compress(lzma.decompress(text).replace(b'0.1.0', b'0.1.1'))
            else:
                text = text.replace(b'0.1.0', b'0.1.1')
            file.write_bytes(text)
        self.assert_refused('Hash Sum mismatch|File has unexpected size')
        self.assertEqual(self.apt.candidate(), '(none)')

    def test_a_byte_of_the_package_is_changed(self):
        self.assertEqual(self.apt.update()[0], 0)
        published = self.site / 'pool' / self.deb.name
        content = bytearray(published.read_bytes())
        content[len(content) // 2] ^= 1
        published.write_bytes(content)
        status, said = self.apt.ask('apt-get', 'download', 'passerelle')
        self.assertNotEqual(status, 0)
        self.assertIn('Hash Sum mismatch', said)
        self.assertEqual(list(self.apt.folder.glob('*.deb')), [])

    def test_a_byte_of_the_release_is_changed(self):
        release = self.site / 'dists/bookworm/InRelease'
        release.write_text(release.read_text().replace('Label: P', 'Label: B'))
        self.assert_refused('BADSIG')

    def test_somebody_else_signs(self):
        self.publish(keys=[self.other_key])
        self.assert_refused('NO_PUBKEY')

    def test_nobody_signs(self):
        release = self.site / 'dists/bookworm/InRelease'
        text = release.read_text().split('\n\n', 1)[1].split('-----BEGIN PGP SIG')[0]
        release.with_name('Release').write_text(text)
        release.unlink()
        self.assert_refused('is not signed')

    def test_one_key_replaces_another(self):
        """Signed by both, the boxes that know either one take it; afterwards the new one is enough."""
        self.publish(keys=[self.key, self.other_key])
        self.assertEqual(self.apt.update()[0], 0)
        new = self.box()
        self.publish(keys=[self.other_key], clock='+1h')
        self.assertEqual(new.update(clock='+1h')[0], 0)
        self.assert_refused('NO_PUBKEY', clock='+1h')

    def test_news_that_are_too_old_or_from_the_future(self):
        self.publish('--valid-days', '30')
        self.assertEqual(self.apt.update(clock='+29d')[0], 0)
        self.apt = self.box()
        self.assert_refused('is expired', clock='+31d')
        self.assert_refused('is not valid yet', clock='-400d')
        status, said = self.apt.update()  # once the clock is right
        self.assertEqual((status, self.apt.candidate()), (0, '0.1.0'), said)

    def test_what_was_is_shown_again(self):
        """Rightly signed, but older than what the box has seen: it stays with that."""
        earlier = self.folder / 'earlier'
        shutil.copytree(self.site / 'dists', earlier)
        trial_package.make(self.packages, '0.2.0', '/bin/true')
        self.publish(clock='+1h')
        self.assertEqual(self.apt.update(clock='+1h')[0], 0)
        self.assertEqual(self.apt.candidate(), '0.2.0')
        shutil.copytree(earlier, self.site / 'dists', dirs_exist_ok=True)
        self.show_as_new()
        self.apt.update(clock='+1h')
        self.assertEqual(self.server.answers[-1], ('/dists/bookworm/InRelease', 200))
        self.assertEqual(self.apt.candidate(), '0.2.0')

    def test_each_architecture_has_its_own_index(self):
        tree = self.folder / 'tree'
        run('dpkg-deb', '--raw-extract', self.deb, tree)
        control = tree / 'DEBIAN/control'
        other = 'armhf' if self.architecture != 'armhf' else 'arm64'
        control.write_text(control.read_text().replace(self.architecture, other)
                           .replace('0.1.0', '0.1.7'))
        run('dpkg-deb', '--root-owner-group', '--build', tree,
            self.packages / f'passerelle_0.1.7_{other}.deb')
        self.publish()
        foreign = self.box(other)
        self.assertEqual((foreign.update()[0], self.apt.update()[0]), (0, 0))
        self.assertEqual((foreign.candidate(), self.apt.candidate()), ('0.1.7', '0.1.0'))

    def test_a_version_is_published_once(self):
        self.deb.write_bytes(self.deb.read_bytes() + b'\n')
        self.assertIn('a version of its own', self.publish(status=1))

    def test_what_is_withdrawn_is_gone(self):
        trial_package.make(self.packages, '0.2.0', '/bin/true')
        self.deb.unlink()
        self.publish()
        self.apt.update()
        self.assertEqual(self.apt.candidate(), '0.2.0')
        self.assertEqual(len(list((self.site / 'pool').iterdir())), 1)

    def test_nothing_secret_is_served(self):
        for file in self.site.rglob('*'):
            if file.is_file():
                self.assertNotIn(b'PRIVATE KEY', file.read_bytes(), file)

    def test_it_brings_no_other_package_to_a_box_that_pins_it(self):
        tree = self.folder / 'tree'
        run('dpkg-deb', '--raw-extract', self.deb, tree)
        control = tree / 'DEBIAN/control'
        control.write_text(control.read_text().replace('Package: passerelle', 'Package: bash'))
        run('dpkg-deb', '--root-owner-group', '--build', tree, self.packages / 'bash_99_amd64.deb')
        self.publish()
        self.assertEqual(self.apt.update()[0], 0)
        self.assertEqual(self.apt.candidate('bash'), '0.1.0')  # without the pin
        shutil.copy(FILES / 'passerelle.pref', self.apt.folder / 'preferences')
        self.assertEqual((self.apt.candidate('bash'), self.apt.candidate()), ('(none)', '0.1.0'))

    def test_unattended_upgrades_is_told_of_this_origin(self):
        said = run('apt-config', '-c', FILES / '52passerelle', 'dump',
                   'Unattended-Upgrade::Origins-Pattern')
        pattern, = re.findall(r'"(origin=Passerelle,.*)"', said)
        release = dict(re.findall(r'^(\w+): (.*)$', (
            self.site / 'dists/bookworm/InRelease').read_text(), re.M))
        for part in pattern.split(','):
            key, value = part.split('=')
            self.assertEqual(release[key.capitalize()], value)


if __name__ == '__main__':
    unittest.main()
