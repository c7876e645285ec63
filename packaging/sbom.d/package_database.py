"""The package database of a Debian root: who owns a file, and what it says of itself."""
import functools
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import licence

_FIELDS = ('Package', 'Version', 'Architecture', 'source:Package', 'source:Version', 'Maintainer')
_FORMAT = '\t'.join('${%s}' % field for field in _FIELDS) + '\n'


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    architecture: str
    source: str
    source_version: str
    maintainer: str
    distribution: str  # such as debian-12
    licence: str = licence.NO_ASSERTION
    licence_names: tuple = ()
    vendor: str = 'debian'

    @property
    def purl(self):
        version = quote(self.version, safe=':~.-_')
        return (f'pkg:deb/{self.vendor}/{quote(self.name)}@{version}'
                f'?arch={self.architecture}&distro={self.distribution}')


class PackageDatabase:
    """Of the files below `root`, for one architecture."""

    def __init__(self, root, architecture):
        self._root = Path(root)
        triplet, = _run('dpkg-architecture', '-a', architecture, '-q', 'DEB_HOST_MULTIARCH',
                        stderr=subprocess.DEVNULL)  # a remark that no compiler is set for it
        self.library_directories = [f'{base}/{triplet}' for base in ('/lib', '/usr/lib')]
        release = self.path('etc/os-release').read_text()
        self.distribution = '-'.join(
            re.search(rf'^{key}="?([^"\n]*)', release, re.M)[1] for key in ('ID', 'VERSION_ID'))
        self._fields = {}
        for line in self._query('-W', '-f', _FORMAT):
            name, version, own, *others = line.split('\t')
            self._fields[f'{name}:{own}'] = self._fields[name] = (name, version, own, *others)

    def path(self, name):
        """Where a file of the root lies here."""
        return self._root / name.lstrip('/')

    def owners(self, places):
        """{file: (its package, its path)} for {file: the directories that it may lie in}. An error
        if nobody has one: what is linked and cannot be named would be missing from the document."""
        if not places:
            return {}
        wanted = {f'{directory}/{name}': name
                  for name, directories in places.items() for directory in directories}
        found = {}
        for line in self._query('--search', *wanted):
            owners, _, path = line.partition(': ')
            if path in wanted and not owners.startswith('diversion by'):
                found[wanted[path]] = self._package(owners.split(', ')[0]), path
        missing = sorted(set(places) - set(found))
        if missing:
            raise LookupError(f'no package in {self._root} has {", ".join(missing)}')
        return found

    @functools.lru_cache(maxsize=None)
    def _package(self, owner):
        fields = self._fields[owner]
        document = self.path(f'/usr/share/doc/{fields[0]}/copyright')
        terms, names = licence.NO_ASSERTION, []
        if document.is_file():
            terms, names = licence.of_copyright_file(document.read_text(errors='replace'))
        return Package(*fields, self.distribution, terms, tuple(names))

    def _query(self, *words):
        return _run('dpkg-query', f'--root={self._root}', *words, stderr=subprocess.PIPE)


def _run(*command, **how):
    return subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                          **how).stdout.splitlines()
