"""Programs of Node.js that tests use, with the libraries that npm/package-lock.json pins."""
import fcntl
import os
import shutil
import subprocess
from pathlib import Path

from harness import WAIT_SECONDS_MAX

NPM = Path(__file__).resolve().parent / 'npm'
NPM_SECONDS_MAX = 300
BUILT = Path(os.environ.get('NPM_DIRECTORY', NPM.parents[2] / 'build/debug/npm'))


def run(*command, text=''):
    """What it prints; its exit status must be 0."""
    done = subprocess.run([str(word) for word in command], input=text, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=WAIT_SECONDS_MAX)
    if done.returncode:
        raise AssertionError(f'{command}: {done.returncode}: {done.stdout}')
    return done.stdout


def install_npm():
    """What npm/package-lock.json says, unless it is there already; one test at a time."""
    BUILT.mkdir(parents=True, exist_ok=True)
    with (BUILT / 'install.lock').open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = (NPM / 'package-lock.json').read_bytes()
        there = BUILT / 'installed-lock.json'
        if there.is_file() and there.read_bytes() == wanted:
            return
        for name in ('package.json', 'package-lock.json'):
            shutil.copy(NPM / name, BUILT)
        subprocess.run(['npm', 'ci', '--no-audit', '--no-fund', '--ignore-scripts'], cwd=BUILT,
                       check=True, timeout=NPM_SECONDS_MAX, stdout=subprocess.DEVNULL)
        there.write_bytes(wanted)
