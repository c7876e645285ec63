"""A disk whose power can go: nbdkit's cache filter keeps what was written, as the cache of a real
one does, and the image has it when the board says FLUSH."""
import subprocess
from pathlib import Path

from harness import eventually


class Disk:
    def __init__(self, image, directory):
        self._image, self._directory = image, Path(directory)
        self._socket = self._directory / 'disk.sock'
        self._server = None

    @property
    def drive(self):
        """What QEMU calls it."""
        return f'nbd:unix:{self._socket}'

    def start(self, flushes=True):
        """Without `flushes` it says that it has flushed, and has not."""
        self._socket.unlink(missing_ok=True)
        with (self._directory / 'disk.log').open('ab') as log:
            self._server = subprocess.Popen(
                ['nbdkit', '--foreground', '--unix', self._socket, '--filter=cache', 'file',
                 self._image, 'cache=' + ('writeback' if flushes else 'unsafe')],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        eventually(self._socket.exists, 'the disk turns')

    def cut(self):
        """What is in its cache is gone."""
        if self._server:
            self._server.kill()
            self._server.wait()

    def stop(self, seconds=60):
        if self._server:
            self._server.terminate()
            self._server.wait(seconds)
