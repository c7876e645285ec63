"""A bad wire: bytes are lost, flipped and doubled on it; the same ones for the same seed."""
import contextlib
import os
import random
import select
import threading
import time
import tty

POLL_SECONDS = 0.02
READ_BYTES = 4096


class Noise:
    """Each rate is of the bytes."""

    def __init__(self, rate=0.0, seed=1):
        self.rate = rate
        self.spoilt = 0
        self._random = random.Random(seed)

    def __call__(self, sent):
        if not self.rate:
            return sent
        received = bytearray()
        for byte in sent:
            chance = self._random.random()
            if chance >= 3 * self.rate:
                received.append(byte)
                continue
            self.spoilt += 1
            if chance < self.rate:
                received.append(byte ^ 1 << self._random.randrange(8))
            elif chance < 2 * self.rate:
                received += bytes([byte, byte])
        return bytes(received)


class NoisyLine:
    """Carries bytes between a socket and a pseudo-terminal, whose path is for a program to open.

    Nobody need have it open: what comes then is lost, as on a wire."""

    def __init__(self, peer, rate, seed=1):
        self.there, self.back = Noise(rate, seed), Noise(rate, seed + 1)
        self._peer, self._over = peer, False
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        os.close(slave)  # the program has it for itself
        os.set_blocking(self._master, False)
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def close(self):
        self._over = True
        self._thread.join()
        os.close(self._master)

    def _carry(self):
        with contextlib.suppress(ConnectionError):  # the other end is gone
            self._carry_on()

    def _carry_on(self):
        while not self._over:
            ready, _, _ = select.select([self._peer, self._master], [], [], POLL_SECONDS)
            if self._peer in ready:
                received = self._peer.recv(READ_BYTES)
                if not received:
                    return
                self._write(self.there(received))
            if self._master in ready:
                self._peer.sendall(self.back(self._read()))

    def _read(self):
        try:
            return os.read(self._master, READ_BYTES)
        except OSError:  # nobody has opened it
            time.sleep(POLL_SECONDS)
            return b''

    def _write(self, received):
        try:
            while received:
                received = received[os.write(self._master, received):]
        except OSError:
            pass  # nobody reads
