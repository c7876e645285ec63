"""The stage of the exercise: the receiver that plays the city, the gateway on a policy, and devices
that send what devices.jsonl says; everything on 127.0.0.1 and in a temporary directory."""
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / 'packaging/quickstart.d'))
from programs import LOOPBACK, Failure, Programs, free_port, listens  # noqa: E402

DELIVERED_SECONDS_MAX = 60
CLIENT_SECONDS_MAX = 30


def program():
    """The passerelle of the environment, the one that was built here, or the installed one."""
    built = ROOT / 'build/package/gateway/passerelle'
    return os.environ.get('PASSERELLE') or (str(built) if built.exists() else 'passerelle')


class Stage:
    def __init__(self, policy, directory):
        self.directory = Path(directory)
        self.programs = Programs(self.directory)
        self.mqtt, self.status_port, self.city = free_port(), free_port(), free_port()
        self.sent = 0
        self.configuration = self.directory / 'passerelle.toml'
        self.configuration.write_text(self._here(Path(policy).read_text()))

    def start(self):
        """Starts the city and the gateway, and lets the devices send once."""
        self.start_city()
        self.start_gateway()
        self.send()

    def start_city(self):
        self.programs.start('city', [
            sys.executable, ROOT / 'tests/support/city_receiver.py', '--port', self.city,
            '--database', self.directory / 'city.db'])
        self.programs.wait_until(lambda: listens(self.city))

    def start_gateway(self):
        self.programs.start('gateway', [program(), 'run', '--config', self.configuration])
        self.programs.wait_until(lambda: listens(self.status_port) and listens(self.mqtt))

    def send(self):
        """What each device says, dated now."""
        now = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())
        for line in (HERE / 'devices.jsonl').read_text().splitlines():
            device = json.loads(line)
            subprocess.run(
                ['mosquitto_pub', '-h', LOOPBACK, '-p', str(self.mqtt), '-q', '1', '-t',
                 f'water/{device["device"]}/reading', '-s'], text=True,
                input=json.dumps({'ts': now} | device['message']), check=True,
                timeout=CLIENT_SECONDS_MAX)
            self.sent += 1

    def await_delivery(self):
        """Whether the city has confirmed everything that was stored."""
        deadline = time.monotonic() + DELIVERED_SECONDS_MAX
        while time.monotonic() < deadline:
            ledger = self.get(self.status_port, '/status')['ledger']
            if ledger['received'] >= self.sent and not ledger['uplinks']['plateforme']['waiting']:
                return True
            time.sleep(0.1)
        return False

    def readings(self):
        """What the city has, as it came."""
        return self.get(self.city, '/readings?limit=1000')

    def get(self, port, path):
        with urllib.request.urlopen(f'http://{LOOPBACK}:{port}{path}', timeout=10) as answer:
            return json.load(answer)

    def _here(self, text):
        """The policy with the directory and the ports of this stage."""
        for place in ('/var/lib/passerelle', '/run/passerelle'):
            text = text.replace(place, str(self.directory / place.split('/')[1]))
        (self.directory / 'run').mkdir()
        for number, port in (('1883', self.mqtt), ('8080', self.status_port), ('8090', self.city)):
            text = re.sub(rf'(127\.0\.0\.1):{number}\b', rf'\1:{port}', text)
        return text
