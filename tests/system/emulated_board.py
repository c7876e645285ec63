"""A board of QEMU with the sample firmware, whose UART is a socket."""
import os
import random
import socket
from pathlib import Path

from harness import ROOT, Program, eventually

FIRMWARE_DIRECTORY = Path(
    os.environ.get('FIRMWARE_DIRECTORY', ROOT / 'build/debug/firmware-bridge'))
BOARDS = ('mps2-an385', 'lm3s6965evb')
FIRMWARE_READINGS = 10_000  # of sample.c: numbers from 1 on
FIRMWARE_NODE = 'sample-1'
_NOISY_WORD = 0x2000c000    # in memory that nobody wrote to yet


class Board(Program):
    """Runs as soon as `line` is connected. Each has other noise in its memory, as chips have."""

    def __init__(self, name, directory):
        path = Path(directory) / f'{name}.uart'
        path.unlink(missing_ok=True)
        super().__init__(
            ['qemu-system-arm', '-M', name, '-nographic', '-monitor', 'none',
             '-chardev', f'socket,id=uart,path={path},server=on,wait=on', '-serial', 'chardev:uart',
             '-kernel', FIRMWARE_DIRECTORY / f'{name}.elf', '-device',
             f'loader,addr={_NOISY_WORD:#x},data={random.getrandbits(32):#x},data-len=4'],
            Path(directory) / f'{name}.log')
        self.line = socket.socket(socket.AF_UNIX)
        eventually(lambda: self._connects(path), 'the board waits for its line')

    def kill(self):
        super().kill()
        self.line.close()

    def _connects(self, path):
        try:
            self.line.connect(str(path))
        except OSError:
            return False
        return True
