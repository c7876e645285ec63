"""An emulated board that is on, and somebody on it who does what is asked."""
import base64
import itertools
import re
import select
import socket
import subprocess
import time
from pathlib import Path

import wiring

BOOT_SECONDS_MAX = 600  # until the ear answers: a busy machine is no fault
RUN_SECONDS_MAX = 300
OFF_SECONDS_MAX = 300
CONNECT_SECONDS_MAX = 30
CHUNK_BYTES = 65536
PROMPT = b'(qemu) '
CONSOLE_LINES_SHOWN = 40


class MachineFailure(AssertionError):
    """The board did not do what was asked of it; the text says what it said."""


class Machine:
    """One life of a board, from the power on to its end. The disk is the caller's."""

    def __init__(self, directory, words):
        """`words` are those of wiring.py."""
        self._directory = Path(directory)
        for name in (wiring.EAR, wiring.MONITOR):
            (self._directory / name).unlink(missing_ok=True)
        self._numbers, self._heard = itertools.count(1), b''
        self._console = self._directory / wiring.CONSOLE
        with (self._directory / 'qemu.log').open('ab') as log:
            self._process = subprocess.Popen(
                [wiring.PROGRAM, *map(str, words)], cwd=self._directory,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._ear = self._connect(wiring.EAR)

    def wait(self, seconds=BOOT_SECONDS_MAX):
        """Until it takes commands; the seconds that took."""
        began = time.monotonic()
        while self._line(began + seconds, 'the board has booted') != b'ready':
            pass
        return time.monotonic() - began

    def run(self, command, seconds=RUN_SECONDS_MAX):
        """(exit status, output) of a command of bash, as root."""
        number = next(self._numbers)
        word = base64.b64encode(command.encode()).decode()
        self._ear.sendall(f'{number} {seconds} {word}\n'.encode())
        deadline = time.monotonic() + seconds + CONNECT_SECONDS_MAX
        while True:
            told, status, *output = self._line(deadline, command).split(b' ')
            if int(told) == number:
                text = base64.b64decode(output[0] if output else b'')
                return int(status), text.decode(errors='replace')

    def must(self, command, seconds=RUN_SECONDS_MAX):
        """The output of a command that has to succeed."""
        status, output = self.run(command, seconds)
        if status:
            raise MachineFailure(f'status {status} of: {command}\n{output}')
        return output

    def write(self, path, text, mode='0644'):
        """Writes a file of the board; it is on the disk."""
        word = base64.b64encode(text.encode()).decode()
        self.must(f'base64 -d <<<"{word}" >{path} && chmod {mode} {path} && sync {path}')

    def forward(self, kind, here, there):
        """Leads a port of this machine, 'tcp' or 'udp', to one of the board's. Before the board has
        its address a connection would hang: QEMU's network tries again ever more rarely."""
        with self._connect(wiring.MONITOR) as monitor:
            command = f'hostfwd_add net {kind}:127.0.0.1:{here}-:{there}\n'.encode()
            monitor.sendall(command)
            said, deadline = b'', time.monotonic() + CONNECT_SECONDS_MAX
            while said.count(PROMPT) < 2:
                said += self._receive(monitor, deadline, f'port {here}')

    def cut(self):
        """The power goes."""
        self._process.kill()
        self._process.wait()
        self._ear.close()

    def off(self):
        """Shuts down in order."""
        self._ear.sendall(b'0 60 ' + base64.b64encode(b'systemctl poweroff') + b'\n')
        try:
            self._process.wait(OFF_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            raise MachineFailure(f'not off within {OFF_SECONDS_MAX} s\n{self._last()}') from None
        self._ear.close()

    def _connect(self, name):
        place = self._directory / name
        line = socket.socket(socket.AF_UNIX)
        deadline = time.monotonic() + CONNECT_SECONDS_MAX
        while True:
            try:
                line.connect(str(place))
                return line
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise MachineFailure((self._directory / 'qemu.log').read_text()) from None
                time.sleep(0.02)

    def _line(self, deadline, what):
        while b'\n' not in self._heard:
            self._heard += self._receive(self._ear, deadline, what)
        line, _, self._heard = self._heard.partition(b'\n')
        return line

    def _receive(self, line, deadline, what):
        left = max(0, deadline - time.monotonic())
        if not select.select([line], [], [], left)[0]:
            raise MachineFailure(f'too long: {what}\n{self._last()}')
        chunk = line.recv(CHUNK_BYTES)
        if not chunk:
            raise MachineFailure(f'the board has ended: {what}\n{self._last()}')
        return chunk

    def _last(self):
        text = re.sub(r'[^\n -~]', '', self._console.read_text(errors='replace'))
        return '\n'.join(text.splitlines()[-CONSOLE_LINES_SHOWN:])
