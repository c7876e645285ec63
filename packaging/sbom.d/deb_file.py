"""A built .deb: what it says of itself, its date, its programs."""
import hashlib
import subprocess
from pathlib import Path

import licence
from linkage import loads_libraries
from package_database import Package

_FIELDS = ('Package', 'Version', 'Architecture', 'Maintainer')


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


class DebFile:
    """`contents` is an empty directory for its files."""

    def __init__(self, path, contents):
        self.path = Path(path)
        self.sha256 = sha256(path)
        self._contents = Path(contents)
        subprocess.run(['dpkg-deb', '--extract', self.path, self._contents], check=True)
        self._fields = dict(zip(_FIELDS, self._read_fields()))
        self.architecture = self._fields['Architecture']
        self.date = self._date()
        # {path in the package: where it lies here}; debugging symbols load nothing
        self.programs = {
            str(file.relative_to(self._contents)): file
            for file in sorted(self._contents.rglob('*'))
            if file.is_file() and not file.is_symlink() and loads_libraries(file)}

    def package(self, distribution):
        name, version = self._fields['Package'], self._fields['Version']
        document = self._contents / 'usr/share/doc' / name / 'copyright'
        terms, names = licence.NO_ASSERTION, []
        if document.is_file():
            terms, names = licence.of_copyright_file(document.read_text())
        return Package(name, version, self.architecture, name, version,
                       self._fields['Maintainer'], distribution, terms, tuple(names),
                       vendor='passerelle')

    def _read_fields(self):
        for field in _FIELDS:
            yield subprocess.run(['dpkg-deb', '--field', self.path, field], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout.strip()

    def _date(self):
        """Of its first member in seconds since 1970: dpkg-deb writes the last changelog entry's."""
        header = self.path.read_bytes()[8:68]
        return int(header[16:28])
