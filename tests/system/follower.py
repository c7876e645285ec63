"""Commands that follow what the gateway stores and refuses."""
import os
import signal
import subprocess
from pathlib import Path

from harness import PASSERELLE, StageTest, eventually


class FollowedTest(StageTest):
    """A gateway with a unix socket, by which it can be followed."""

    def start_gateway(self):
        text = self.settings.read_text()
        if 'socket =' not in text:
            self.settings.write_text(
                text.replace('[status]\n', f'[status]\nsocket = "{self.directory}/socket"\n'))
        return super().start_gateway()

    def follow(self, *words, output='tail.out'):
        """A running command, and the file that it writes to; it follows when this returns."""
        before = self._connections()
        path = self.directory / output
        with path.open('wb') as out:
            follower = subprocess.Popen(
                [PASSERELLE, 'tail', *words, '--config', self.settings], stdout=out,
                stderr=subprocess.STDOUT, env={**os.environ, 'LC_ALL': 'en.UTF-8'})
        self.addCleanup(self.end, follower)
        eventually(lambda: self._connections() > before and self._waits(follower),
                   'the gateway has the follower')
        self.gateway.get('/healthz')  # which is answered after what was asked before
        return follower, path

    @staticmethod
    def end(follower):
        if follower.poll() is None:
            follower.send_signal(signal.SIGCONT)
            follower.terminate()
        return follower.wait(60)

    def _connections(self):
        """To the unix socket: nobody else makes any here."""
        lines = Path('/proc/net/unix').read_text().splitlines()
        return sum(line.endswith(f'{self.directory}/socket') for line in lines)

    @staticmethod
    def _waits(process):
        return Path(f'/proc/{process.pid}/stat').read_text().rsplit(')', 1)[1].split()[0] == 'S'
