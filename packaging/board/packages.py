"""The Debian packages that are put on the board: the one that is tested, and the one before it."""
import functools
import re
import subprocess
from pathlib import Path

import cache
from kernel import ARCHITECTURE

NAME = 'passerelle'
BUILD = cache.ROOT / 'packaging/build'


class Packages:
    """What a directory holds for the board: of two versions the higher is the tested one."""

    def __init__(self, directory, work):
        found = sorted(Path(directory).glob(f'{NAME}_*_{ARCHITECTURE}.deb'),
                       key=functools.cmp_to_key(_by_version))
        if not found:
            raise FileNotFoundError(f'{directory}: no {NAME}_*_{ARCHITECTURE}.deb')
        self.tested = found[-1]
        self.repacked = len(found) == 1
        self.previous = _repack(self.tested, Path(work)) if self.repacked else found[-2]

    def depends(self):
        """The names of the packages that both need."""
        return sorted(_depends(self.tested) | _depends(self.previous))


def build():
    """The directory of the package of the last commit, which is built if it is not there."""
    directory = cache.ROOT / 'build/deb' / ARCHITECTURE
    if not any(directory.glob(f'{NAME}_*.deb')):
        subprocess.run([BUILD, ARCHITECTURE], check=True)
    return directory


def version(package):
    return _field(package, 'Version')


def _field(package, name):
    return subprocess.run(['dpkg-deb', '--field', package, name], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def _by_version(one, other):
    lower = subprocess.run(['dpkg', '--compare-versions', version(one), 'lt', version(other)],
                           check=False).returncode == 0
    return -1 if lower else 1


def _depends(package):
    """The first of alternatives; whether versions are high enough is dpkg's to say on the board."""
    text = ', '.join([_field(package, 'Pre-Depends'), _field(package, 'Depends')])
    names = (re.match(r'[a-z0-9.+-]+', each.strip()) for each in text.split(','))
    return {name.group() for name in names if name}


def _repack(package, work):
    """The same program under a version that is just lower."""
    content = work / 'previous'
    subprocess.run(['dpkg-deb', '--raw-extract', package, content], check=True)
    control = content / 'DEBIAN/control'
    lower = f'Version: {version(package)}~previous'
    control.write_text(re.sub(r'^Version: .*$', lower, control.read_text(), flags=re.M))
    made = work / f'{NAME}_previous_{ARCHITECTURE}.deb'
    subprocess.run(['dpkg-deb', '-Zgzip', '-z1', '--root-owner-group', '--build', content, made],
                   check=True, stdout=subprocess.DEVNULL)
    return made
