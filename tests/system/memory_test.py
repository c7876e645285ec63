"""Nothing of the gateway's memory gets to the disk: no core dump, no page of a key in swap."""
import ctypes
import os
import resource
import signal
import unittest
from pathlib import Path

import configuration
from harness import Gateway, SystemTest

PR_CAPBSET_DROP, CAP_IPC_LOCK = 24, 14  # linux/prctl.h, linux/capability.h
MARK = b'a name that only this gateway has'


class CrashingGateway(Gateway):
    """Lets the kernel write what it would, into the directory of the test."""

    def __init__(self, directory, *place, before=None, **how):
        super().__init__(
            directory, *place, cwd=directory, preexec_fn=before or allow_cores, **how)

    def abort(self):
        """Whether it left a core dump, as the kernel says."""
        self.process.send_signal(signal.SIGABRT)
        _, status = os.waitpid(self.process.pid, 0)
        self.process.returncode = -os.WTERMSIG(status)
        assert os.WTERMSIG(status) == signal.SIGABRT, status
        return os.WCOREDUMP(status)

    def cores(self):
        return [path for path in self.directory.iterdir() if path.name.startswith('core')]


class Memory(SystemTest):
    def setUp(self):
        super().setUp()
        self.ports = configuration.Ports()
        self.settings = configuration.write(
            self.directory, self.ports, device='{ rule = "pseudonym", epoch = "P1M" }')
        text = self.settings.read_text().replace('Testville', MARK.decode())
        self.settings.write_text(text)

    def test_a_crash_leaves_no_core_dump(self):
        gateway = self._start()
        self.assertFalse(gateway.abort())
        self.assertEqual(gateway.cores(), [])

    def test_a_crash_leaves_one_where_that_is_asked_for_without_the_keys(self):
        """The control: the same crash, and the switch that turns the protection off."""
        gateway = self._start('--debuggable')
        self.assertTrue(gateway.abort(), 'this machine writes no core dumps: nothing is proven')
        self.assertIn('debuggable', gateway.log.read_text())
        keys = [path.read_bytes() for path in (self.directory / 'state/keys').glob('*.key')]
        self.assertTrue(keys)
        for core in gateway.cores():
            content = core.read_bytes()
            self.assertIn(MARK, content)
            for key in keys:
                self.assertNotIn(key, content)

    def test_what_keys_are_in_is_locked(self):
        gateway = self._start()
        text = Path(f'/proc/{gateway.process.pid}/status').read_text()
        locked = int(text.split('VmLck:')[1].split()[0])
        self.assertGreater(locked, 0)
        self.assertEqual(gateway.terminate(), 0)

    def test_a_limit_that_is_too_low_is_told(self):
        gateway = self._start(before=forbid_locking)
        self.assertEqual(gateway.terminate(), 0)
        self.assertIn('LimitMEMLOCK=', gateway.log.read_text())

    def _start(self, *options, before=None):
        return self.start(CrashingGateway(
            self.directory, self.settings, self.ports.status, options=options, before=before))


def allow_cores():
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def forbid_locking():
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
    # The limit does not bind who has this capability, as root has. Others cannot drop it.
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0)


if __name__ == '__main__':
    unittest.main()
