#!/usr/bin/python3
"""Runs the parts of packaging/quickstart together and judges what they did."""
import argparse
import json
import shutil
import signal
import socket
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from accounts import faults, waiting
from programs import LOOPBACK, Failure, Programs, free_port, listens
from substitution import substitute
from words import language, say

ROOT = Path(__file__).resolve().parents[2]
DEVICES, RATE = 20, 20  # over MQTT and as many over CoAP; messages a second
SECONDS_MAX = 24 * 3600
DRAIN_SECONDS_MAX = 60
STATUS_SECONDS_MAX = 10


class Demonstration:
    def __init__(self, passerelle, directory):
        self.passerelle, self.directory = passerelle, directory
        self.programs = Programs(directory)
        self.mqtt, self.status_port, self.city = free_port(), free_port(), free_port()
        self.coap = free_port(socket.SOCK_DGRAM)
        self.configuration = directory / 'passerelle.toml'

    def start(self):
        self._start_broker()
        self._start_city()
        self._start_gateway()
        self._start_devices('meters', 1, '--mqtt', f'mqtt://{LOOPBACK}:{self.mqtt}')
        self._start_devices('sensors', 2, '--coap', f'coap://{LOOPBACK}:{self.coap}')

    def _start_devices(self, name, seed, *where):
        self.programs.start(name, [
            self.passerelle, 'simulate', *where, '--seed', seed, '--devices', DEVICES,
            '--rate', RATE, '--seconds', SECONDS_MAX])

    def _start_broker(self):
        configuration = self.directory / 'mosquitto.conf'
        configuration.write_text(
            f'listener {self.mqtt} {LOOPBACK}\nallow_anonymous true\npersistence false\n')
        self.programs.start('broker', ['/usr/sbin/mosquitto', '-c', configuration])
        self.programs.wait_until(lambda: listens(self.mqtt))

    def _start_city(self):
        self.programs.start('city', [
            sys.executable, ROOT / 'tests/support/city_receiver.py', '--port', self.city,
            '--database', self.directory / 'city.db'])
        self.programs.wait_until(lambda: listens(self.city))

    def _start_gateway(self):
        text = (ROOT / 'config/passerelle.toml').read_text()
        self.configuration.write_text(substitute(text, {
            'language': language(),
            'mqtt-port': f'mqtt://{LOOPBACK}:{self.mqtt}',
            'coap-port': f'{LOOPBACK}:{self.coap}',
            'clock-trust': 'always',
            'status-port': f'{LOOPBACK}:{self.status_port}',
            'status-socket': str(self.directory / 'status.sock'),
            'state-directory': str(self.directory / 'state'),
            'buffer-path': str(self.directory / 'buffer.db'),
            'uplink-url': f'http://{LOOPBACK}:{self.city}/v1/batches',
        }))
        self.programs.start('gateway', [self.passerelle, 'run', '--config', self.configuration])
        self.programs.wait_until(lambda: listens(self.status_port))

    def status(self):
        return _get(f'http://{LOOPBACK}:{self.status_port}/status')

    def introduce(self):
        now = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())
        mqtt = f'mosquitto_pub -h {LOOPBACK} -p {self.mqtt} -q 1 -t water/my-meter/reading -m'
        print('\n' + say('open', page=f'http://{LOOPBACK}:{self.status_port}/'))
        print('\n' + say('try_mqtt'))
        print(f'''  {mqtt} '{{"ts":"{now}","m3":12.345}}' ''')
        print(say('try_coap'))
        print(f'''  coap-client-openssl -m post -t 110 '''
              f'''-e '[{{"n":"temperature","u":"Cel","v":21.5}}]' '''
              f'''coap://{LOOPBACK}:{self.coap}/air/my-sensor''')
        print(say('refused'))
        print(f"  {mqtt} 'no reading'")
        print('\n' + say('meters'), flush=True)

    def watch(self, seconds):
        """A line a second, until the time is over or Ctrl-C."""
        end = time.monotonic() + (seconds or float('inf'))
        while time.monotonic() < end:
            time.sleep(min(1.0, max(0.0, end - time.monotonic())))
            self.programs.check()
            print(_line(self.status()), flush=True)

    def finish(self):
        """Stops in the order in which nothing is lost; what went wrong, one text each."""
        print(say('draining'), flush=True)
        for devices in ('meters', 'sensors'):
            self.programs.stop(devices)
        deadline = time.monotonic() + DRAIN_SECONDS_MAX
        while not self._drained() and time.monotonic() < deadline:
            time.sleep(0.2)
        status = self.status()
        found = faults(status['ledger'], _get(f'http://{LOOPBACK}:{self.city}/summary'))
        if waiting(status['ledger']):
            found.append(say('late', seconds=DRAIN_SECONDS_MAX))
        if code := self.programs.stop('gateway'):
            found.append(say('status', status=code))
        print(_line(status))
        return found

    def _drained(self):
        """Nothing waits, and nothing came in since the last look."""
        received = self.status()['ledger']['received']
        time.sleep(0.5)
        ledger = self.status()['ledger']
        return ledger['received'] == received and waiting(ledger) == 0


def _line(status):
    ledger = status['ledger']
    uplinks = ledger['uplinks'].values()
    return say('line', received=ledger['received'], stored=ledger['stored'],
               delivered=sum(uplink['delivered'] for uplink in uplinks), waiting=waiting(ledger),
               refused=sum(ledger['refused'].values()), devices=status['devices'])


def _get(url):
    with urllib.request.urlopen(url, timeout=STATUS_SECONDS_MAX) as answer:
        return json.load(answer)


def run(demonstration, seconds):
    try:
        demonstration.start()
        demonstration.introduce()
        try:
            demonstration.watch(seconds)
        except KeyboardInterrupt:
            print()
        found = demonstration.finish()
    except Failure as failure:
        found = [str(failure)]
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        demonstration.programs.end()
    for fault in found:
        print(f'! {fault}', file=sys.stderr)
    return 1 if found else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('passerelle', type=Path)
    parser.add_argument('--seconds', type=float)
    parser.add_argument('--keep', action='store_true')
    arguments = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix='passerelle-quickstart-'))
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        return run(Demonstration(arguments.passerelle.resolve(), directory), arguments.seconds)
    finally:
        if arguments.keep:
            print(say('kept', directory=directory))
        else:
            shutil.rmtree(directory, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
