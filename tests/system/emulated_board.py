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

    def __init__(self, name, directory, program=None, machine='', *options):
        path = Path(directory) / f'{name}.uart'
        path.unlink(missing_ok=True)
        super().__init__(
            ['qemu-system-arm', '-M', name + machine, '-nographic', '-monitor', 'none',
             '-chardev', f'socket,id=uart,path={path},server=on,wait=on', '-serial', 'chardev:uart',
             '-kernel', FIRMWARE_DIRECTORY / f'{program or name}.elf', '-device',
             f'loader,addr={_NOISY_WORD:#x},data={random.getrandbits(32):#x},data-len=4',
             *options],
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


class UpdatedBoard(Board):
    """An MPS2 board with the boot loader. Its slots are in a file, which stays when it is killed; a
    new one has image 1 in the first. `hurries`: its clock runs ahead while it has nothing to do, so
    that its minutes take seconds."""

    slot_bytes = 0x40000
    _memory_bytes = 16 << 20

    def __init__(self, directory, hurries=False):
        self.flash = Path(directory) / 'slots'
        if not self.flash.exists():
            factory = self.image(1)
            self.flash.write_bytes(factory + b'\xff' * (self._memory_bytes - len(factory)))
        memory = f'memory-backend-file,id=flash,size={self._memory_bytes},mem-path={self.flash}'
        options = ['-icount', 'shift=8,sleep=off'] if hurries else []
        super().__init__(BOARDS[0], directory, f'{BOARDS[0]}-loader', ',memory-backend=flash',
                         '-object', memory + ',share=on', *options)

    @staticmethod
    def image(number):
        return (FIRMWARE_DIRECTORY / f'{BOARDS[0]}-{number}.bin').read_bytes()

    def slot(self, number, size):
        return self.flash.read_bytes()[number * self.slot_bytes:][:size]
