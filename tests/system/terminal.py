"""A terminal of so many rows and columns around a program, and what it shows: as much of ECMA-48 as
the program uses; anything else fails the test."""
import codecs
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading

CONTROL = re.compile(r'\x1b\[(\??)([0-9;]*)([A-Za-z])')


class Terminal:
    """Runs a command on a terminal. `bytes` is all that it wrote, `written` the same as text, and
    `text` what is on the screen."""

    def __init__(self, command, rows=24, columns=80, environment=None):
        self.rows, self.columns = rows, columns
        self.bytes, self.written = b'', ''
        # What is read at once may end within a character.
        self._decoder = codecs.getincrementaldecoder('utf-8')('surrogateescape')
        self._lock = threading.Lock()
        self._clear()
        self.is_alternate, self.has_cursor = False, True
        self._rest = ''
        master, self.slave = pty.openpty()
        self.master = master
        self._set_size()
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            command, stdin=self.slave, stdout=self.slave, stderr=self.slave,
            start_new_session=True, preexec_fn=self._control,
            env={**os.environ, 'TERM': 'xterm', **(environment or {})})
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @staticmethod
    def _control():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C and SIGWINCH get there

    def _set_size(self):
        size = struct.pack('HHHH', self.rows, self.columns, 0, 0)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)

    def resize(self, rows, columns):
        with self._lock:
            self.rows, self.columns = rows, columns
            self._clear()
        self._set_size()

    def type(self, keys):
        os.write(self.master, keys)

    @property
    def text(self):
        with self._lock:
            return '\n'.join(''.join(row).rstrip() for row in self._cells)

    def is_as_before(self):
        """The screen that was there before, its cursor, and the way keys are taken."""
        return (not self.is_alternate and self.has_cursor
                and termios.tcgetattr(self.slave)[:6] == self.before[:6])

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.slave)
        self._reader.join(10)
        os.close(self.master)

    def _read(self):
        while True:
            try:
                piece = os.read(self.master, 4096)
            except OSError:
                return
            if not piece:
                return
            with self._lock:
                self.bytes += piece
                text = self._decoder.decode(piece)
                self.written += text
                self._show(text)

    def _clear(self):
        self._cells = [[' '] * self.columns for _ in range(self.rows)]
        self._row = self._column = 0

    def _show(self, written):
        text = self._rest + written
        self._rest = ''
        while text:
            if text[0] == '\x1b':
                control = CONTROL.match(text)
                if control is None:
                    self._rest = text  # the rest is on its way
                    return
                self._obey(*control.groups())
                text = text[control.end():]
                continue
            self._put(text[0])
            text = text[1:]

    def _put(self, character):
        if character == '\r':
            self._column = 0
        elif character == '\n':
            self._row = min(self._row + 1, self.rows - 1)
        elif self._row < self.rows and self._column < self.columns:
            self._cells[self._row][self._column] = character
            self._column += 1

    def _obey(self, private, numbers, letter):
        values = [int(number) for number in numbers.split(';') if number]
        if letter == 'H':
            self._row, self._column = (value - 1 for value in values or (1, 1))
        elif letter == 'K' and self._row < self.rows:
            self._cells[self._row][self._column:] = [' '] * (self.columns - self._column)
        elif letter == 'J' and values == [2]:
            row, column = self._row, self._column
            self._clear()
            self._row, self._column = row, column
        elif private and values == [1049]:
            self.is_alternate = letter == 'h'
        elif private and values == [25]:
            self.has_cursor = letter == 'h'
        else:
            raise AssertionError(f'the terminal was told {private}{numbers}{letter}')
