"""What is made once and used again, in build/board: named after what it was made from."""
import hashlib
import json
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / 'build/board'
DIGITS = 12  # of the digest, in the name


def cached(name, made_from, make):
    """A directory that `make(directory)` has filled, from what `made_from` says (anything that JSON
    can write) and the files it names as Path. What was made from something else goes."""
    digest = hashlib.sha256()
    for each in made_from:
        digest.update(each.read_bytes() if isinstance(each, Path) else json.dumps(each).encode())
    place = PLACE / f'{name}-{digest.hexdigest()[:DIGITS]}'
    if place.is_dir():
        return place
    for earlier in PLACE.glob(f'{name}-*'):
        shutil.rmtree(earlier)
    unfinished = PLACE / f'{name}-unfinished'
    unfinished.mkdir(parents=True)
    make(unfinished)
    unfinished.rename(place)
    return place
