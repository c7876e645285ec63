"""A bad wire: bytes are lost, flipped and doubled on it; the same ones for the same seed."""
import os
import random
import select
import threading
import tty


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
    """Carries bytes between a socket and a pseudo-terminal, whose path is for a program to open."""

    def __init__(self, peer, rate, seed=1):
        self.there, self.back = Noise(rate, seed), Noise(rate, seed + 1)
        self._peer = peer
        self._master, self._slave = os.openpty()  # open here too: programs come and go
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self._wake, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def close(self):
        os.write(self._stop, b'x')
        self._thread.join()
        for descriptor in (self._master, self._slave, self._wake, self._stop):
            os.close(descriptor)

    def _carry(self):
        while True:
            ready, _, _ = select.select([self._peer, self._master, self._wake], [], [])
            if self._wake in ready:
                return
            if self._peer in ready:
                received = self._peer.recv(4096)
                if not received:
                    return
                os.write(self._master, self.there(received))
            if self._master in ready:
                self._peer.sendall(self.back(os.read(self._master, 4096)))
