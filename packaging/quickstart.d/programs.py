"""The programs of the demonstration: each with its log, all of them ended at the end."""
import signal
import socket
import subprocess
import time

from words import say

LOOPBACK = '127.0.0.1'
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 30


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


class Failure(Exception):
    """The demonstration cannot go on; the text is for the person who watches."""


class Programs:
    def __init__(self, directory):
        self._directory = directory
        self._running = {}

    def start(self, name, command):
        with open(self._directory / f'{name}.log', 'wb') as log:
            # A group of its own: Ctrl-C is for the demonstration, which then stops them in order.
            self._running[name] = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)

    def stop(self, name):
        """Asks a program to end; its exit status."""
        program = self._running.pop(name)
        program.send_signal(signal.SIGTERM)
        try:
            return program.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            program.kill()
            return program.wait()

    def check(self):
        for name, program in self._running.items():
            if program.poll() is not None:
                raise Failure(self._ended(name, program))

    def wait_until(self, condition):
        """Until a program that has just been started answers."""
        deadline = time.monotonic() + START_SECONDS_MAX
        while not condition():
            self.check()
            if time.monotonic() > deadline:
                last = list(self._running)[-1]
                raise Failure(f'{last}: not started within {START_SECONDS_MAX} s')
            time.sleep(0.05)

    def end(self):
        for name in reversed(list(self._running)):
            self.stop(name)

    def _ended(self, name, program):
        log = (self._directory / f'{name}.log').read_text(errors='replace').splitlines()[-20:]
        return '\n'.join([say('ended', name=name, status=program.returncode), *log])


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
