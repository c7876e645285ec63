"""A box for the handbook: its directories and ports are others than in the text, and nothing else.

What a command is changed by, before it is run:

    /etc/passerelle, /var/lib/passerelle, /run/passerelle, /usr/local, /dev/serial/by-id
                                      directories of the test
    8080, 8883, 5684                  free ports of the loopback
    plateforme.ville.example:8443     the receiver that plays the city, with TLS and a token
    sudo, sudo -u passerelle          left out: the test is the user
    -o passerelle -g passerelle       left out likewise
    passerelle                        gets --config where it would take the file in /etc by itself
    build/package                     the tree that the test's program was built in
    NOT_RUN                           is run by others, for it takes long or changes this machine

In configurations the clock is believed when the test says so, and the waits between two attempts
to deliver are shorter. In what is said all of it is changed back.
"""
import html
import os
import re
import subprocess
import time
from pathlib import Path

from handbook_events import DEVICE_SECONDS_MAX, METER, SENSOR, Events
from handbook_node import NodeEvents
from harness import PASSERELLE, POLL_SECONDS, ROOT, WAIT_SECONDS_MAX, Program
from loopback import LOOPBACK, free_port, free_udp_port

GATEWAY = 'mairie-01'
COMMAND_SECONDS_MAX = 120
PLATFORM_NAME = 'plateforme.ville.example'
PLATFORM = f'{PLATFORM_NAME}:8443'
# Repeated until it says what is shown: nobody types as fast as a test, and a device tries again.
RETRIED = re.compile(
    r'\bpasserelle (status|devices|firmware status|doctor|apply|confirm|rollback|history|tail)\b'
    r'|^(mosquitto_pub|coap-client)')
# Where a command is run instead; those with None are not: they change the users and the services
# of this machine.
NOT_RUN = {
    'packaging/dependencies build': ('tests/run', 'packaging/dependencies test'),
    'cmake --preset package': ('packaging/quickstart', 'cmake --preset package'),
    'cmake --build --preset package': ('packaging/quickstart', 'cmake --build --preset package'),
    'sudo useradd': None,
    'sudo usermod': None,
    'sudo systemctl': None,
}
_TAKES_CONFIG = ('run', 'status', 'devices', 'doctor', 'apply', 'confirm', 'rollback', 'history',
                 'device', 'tail', 'buffer', 'support-bundle')


class Box(Events, NodeEvents):
    def __init__(self, test, language):
        self.test, self.language = test, language
        self.root = test.directory / language
        self.home = self.root / 'home'
        self.secret, self.gateway, self.status = '', None, 0
        self.ports = {'8080': free_port(), '8883': free_port(), '5684': free_udp_port()}
        self.platform_port = free_port()
        self.places = {f'/{path}': self.root / path
                       for path in ('etc/passerelle', 'var/lib/passerelle', 'run/passerelle',
                                    'usr/local', 'dev/serial/by-id')}
        for place in (*self.places.values(), self.home, self.root / 'platform'):
            place.mkdir(parents=True)
        for name in ('/etc/passerelle', '/var/lib/passerelle'):
            self.places[name].rmdir()  # a chapter makes them
        for path in ROOT.iterdir():
            (self.home / path.name).symlink_to(path)
        self._write_program()
        self.prepare_platform()

    @property
    def etc(self):
        return self.places['/etc/passerelle']

    @property
    def var(self):
        return self.places['/var/lib/passerelle']

    def run(self, command):
        """What a command says, as if on the box of the text; its exit status is `status`."""
        if any(command.startswith(prefix) for prefix in NOT_RUN):
            self.status = 0
            return None
        is_device = command.startswith(('mosquitto_pub', 'coap-client'))
        seconds = DEVICE_SECONDS_MAX if is_device else COMMAND_SECONDS_MAX
        done = subprocess.run(
            ['timeout', str(seconds), 'bash', '-c', f'(exit {self.status}); {self.here(command)}'],
            cwd=self.home, env=self.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.status = done.returncode
        self._suit_configurations()
        return self.there(done.stdout.decode(errors='replace'))

    def start_gateway(self, command):
        """Starts what runs until it is stopped; what it says is in the log."""
        self.started = command
        self.log = self.root / 'gateway.log'
        self.log.unlink(missing_ok=True)
        self.gateway = self.test.start(Program(
            ['bash', '-c', f'exec {self.here(command)}'], self.log,
            self.environment(), cwd=self.home))

    def restart(self):
        """As it was started last."""
        self.start_gateway(self.started)
        self.test.assertTrue(self.until(self.is_ready))

    def log_text(self):
        return self.there(self.log.read_text(errors='replace'))

    def page_text(self):
        """What a person sees of the status page."""
        done = subprocess.run(
            ['curl', '-s', '--max-time', '10', f'http://{LOOPBACK}:{self.ports["8080"]}/'],
            stdout=subprocess.PIPE, check=False)
        text = done.stdout.decode()
        text = re.sub(r'<(script|style|svg).*?</\1>', ' ', text, flags=re.DOTALL)
        return self.there(html.unescape(re.sub(r'<[^>]*>', ' ', text)))

    def environment(self):
        inherited = {name: value for name, value in os.environ.items()
                     if name in ('HOME', 'ASAN_OPTIONS', 'TSAN_OPTIONS', 'UBSAN_OPTIONS')}
        # The search for leaks attaches to the gateway, which lets nobody attach.
        inherited['ASAN_OPTIONS'] = inherited.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
        return inherited | {'PATH': f'{self.root}/bin:/usr/sbin:/usr/bin:/sbin:/bin',
                            'LANG': f'{self.language}.UTF-8',
                            'PASSERELLE': f'{self.root}/bin/passerelle',
                            **self.clock_environment()}

    def here(self, command):
        """A command of the text as it is run."""
        command = re.sub(r'\bsudo (-u passerelle )?', '', command)
        command = command.replace('-o passerelle -g passerelle ', '')
        command = command.replace('SECRET', self.secret)
        command = command.replace('build/package', str(Path(PASSERELLE).parents[1]))
        return self._here(command)

    def _here(self, text):
        for name, place in self.places.items():
            text = re.sub(rf'(?<![\w/]){re.escape(name)}\b', str(place), text)
        for number, port in self.ports.items():
            text = re.sub(rf'\b{number}\b', str(port), text)
        text = text.replace(PLATFORM, f'localhost:{self.platform_port}')
        return text.replace(PLATFORM_NAME, 'localhost').replace('0.0.0.0:', f'{LOOPBACK}:')

    def there(self, text):
        """What was said, with the names that the text has."""
        for name, place in self.places.items():
            text = text.replace(str(place), name)
        for number, port in self.ports.items():
            text = re.sub(rf'\b{port}\b', number, text)
        return text.replace(f'localhost:{self.platform_port}', PLATFORM)

    def _suit_configurations(self):
        """What a command has made of the handbook's configuration is made one of this box."""
        for path in (*self.home.glob('*.toml'), *self.etc.glob('*.toml')):
            text = path.read_text()
            if f'id = "{GATEWAY}"' not in text:
                continue
            suited = self._here(text)
            if 'mark =' not in suited:
                suited = suited.replace('trust = "kernel"', f'trust = "mark"\nmark = "{self.mark}"')
            if 'retry_min' not in suited:
                suited = suited.replace('batch_age_max = "5 s"', 'batch_age_max = "200 ms"\n'
                                        'retry_min = "100 ms"\nretry_max = "1 s"')
            suited = suited.replace('language = "fr"', f'language = "{self.language}"')
            if suited != text:
                path.write_text(suited)

    def _write_program(self):
        """In the way of what is installed: the same program, with the file that it would take."""
        installed = self.places['/usr/local'] / 'bin/passerelle'
        program = self.root / 'bin/passerelle'
        program.parent.mkdir()
        program.write_text(f'''#!/bin/sh
program={installed}
test -x "$program" || program={PASSERELLE}
case " $* " in *" --config "*|*" -c "*|*" --help "*) exec "$program" "$@" ;; esac
case "$1" in {"|".join(_TAKES_CONFIG)})
    exec "$program" "$@" --config {self.etc}/passerelle.toml ;;
esac
case "$1 $2" in "firmware add"|"firmware rollout"|"firmware abort"|"firmware status")
    exec "$program" "$@" --config {self.etc}/passerelle.toml ;;
esac
exec "$program" "$@"
''')
        program.chmod(0o755)

    def keep_secret(self, secret, command):
        """What was shown once: to the reader, and to the device that gets it."""
        self.secret = secret
        if f'{METER} ' in command:
            self.meter_password = secret
        if f'{SENSOR} ' in command:
            self.sensor_key = secret
        if 'firmware keygen' in command:
            self.give_key(secret)

    def is_ready(self):
        done = subprocess.run(
            ['curl', '-sf', '--max-time', '10', f'http://{LOOPBACK}:{self.ports["8080"]}/readyz'],
            stdout=subprocess.DEVNULL, check=False)
        return done.returncode == 0 or not self.gateway.running

    def until(self, is_so, seconds=WAIT_SECONDS_MAX):
        """Whether it is so within the time."""
        deadline = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True
