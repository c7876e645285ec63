"""Which packages are in a program: its libraries with theirs, and what was compiled into it."""
import re
import subprocess
from pathlib import Path

DEPENDENCIES = Path(__file__).resolve().parents[2] / 'cmake/dependencies.cmake'

_MODULE = re.compile(r'^pkg_check_modules\(\w+ REQUIRED IMPORTED_TARGET ([^\s)]+)\)', re.M)
_LIBRARY = re.compile(r'^find_library\(\w+ ([^\s)]+)', re.M)
_PACKAGE = re.compile(r'^find_package\((\w+)', re.M)
# What CMake finds by itself: {a file of the -dev package: the directories it may lie in}. Nothing
# for what is no library, or part of the C library.
_FILES_OF = {
    'Boost': {'version.hpp': ['/usr/include/boost']},
    'Protobuf': {'message_lite.h': ['/usr/include/google/protobuf']},
    'PkgConfig': {},
    'Threads': {}}


def needed(path):
    """The libraries that the loader is told to load."""
    dynamic = subprocess.run(['readelf', '--dynamic', '--wide', str(path)], check=True, text=True,
                             env={'LC_ALL': 'C'}, stdout=subprocess.PIPE).stdout
    return re.findall(r'\(NEEDED\).*\[(.+)\]', dynamic)


def loads_libraries(path):
    with open(path, 'rb') as file:
        is_elf = file.read(4) == b'\x7fELF'
    return is_elf and bool(needed(path))


class Linkage:
    """`linked`: the packages whose libraries are loaded, each with those that its own load;
    `direct`: those that the programs name; `compiled_in`: the packages that CMake asks for and
    of whose source no library is named, so what they brought is in the program itself."""

    def __init__(self, database, programs):
        self._database = database
        named = {name for program in programs for name in needed(program)}
        packages, uses = self._load(named)
        self.linked = {package: set() for package in packages.values()}
        for name, used in uses.items():
            self.linked[packages[name]] |= {packages[other] for other in used} - {packages[name]}
        self.direct = {packages[name] for name in named}
        sources = {package.source for package in self.direct}
        self.compiled_in = {package for package in self._built_with()
                            if package.source not in sources}

    def _load(self, names):
        """({library: its package}, {library: those that it needs}) of these and all that follow."""
        packages, uses = {}, {}
        while names:
            directories = self._database.library_directories
            for name, (package, path) in self._database.owners(
                    {name: directories for name in names}).items():
                packages[name] = package
                uses[name] = needed(self._database.path(path))
            names = {other for name in names for other in uses[name]} - set(uses)
        return packages, uses

    def _built_with(self):
        text = DEPENDENCIES.read_text()
        directories = self._database.library_directories
        metadata = [f'{base}/pkgconfig' for base in (*directories, '/usr/share')]
        places = {f'{name}.pc': metadata for name in _MODULE.findall(text)}
        places.update({f'lib{name}.so': directories for name in _LIBRARY.findall(text)})
        for name in _PACKAGE.findall(text):
            places.update(_FILES_OF[name])
        return {package for package, _ in self._database.owners(places).values()}
