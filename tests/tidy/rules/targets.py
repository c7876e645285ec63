"""A test file that no target compiles tests nothing."""
from pathlib import PurePath

from source import ROOT

_COMPILED = ('tests/unit/', 'tests/component/', 'tests/proof/', 'tests/privacy/')


def check(source):
    if source.is_cpp and source.path.startswith(_COMPILED):
        if not (ROOT / PurePath(source.path).parent / 'CMakeLists.txt').is_file():
            yield 1, 'no-target', 'its folder has no CMakeLists.txt'
