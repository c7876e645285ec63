"""What a package's copyright file says of its licence in machine-readable form (DEP-5)."""
import re

NO_ASSERTION = 'NOASSERTION'

_FORMAT = re.compile(r'^Format:\s*\S*copyright-format/1\.0', re.M)
_GNU = re.compile(r'(?P<family>A?L?GPL)-(?P<major>\d)(?:\.(?P<minor>\d))?(?P<later>\+)?')
# Debian's short names that SPDX has under the same or another name.
_NAMES = {
    'apache-2': 'Apache-2.0', 'apache-2.0': 'Apache-2.0', 'bsd-2-clause': 'BSD-2-Clause',
    'bsd-3-clause': 'BSD-3-Clause', 'bsl-1.0': 'BSL-1.0', 'cc0': 'CC0-1.0', 'cc0-1.0': 'CC0-1.0',
    'curl': 'curl', 'epl-2.0': 'EPL-2.0', 'expat': 'MIT', 'isc': 'ISC', 'mit': 'MIT',
    'mpl-2.0': 'MPL-2.0', 'openldap-2.8': 'OLDAP-2.8', 'zlib': 'Zlib'}


def _spdx(name):
    """The SPDX identifier of one of Debian's short names, or None."""
    gnu = _GNU.fullmatch(name)
    if gnu:
        until = 'or-later' if gnu['later'] else 'only'
        return f'{gnu["family"]}-{gnu["major"]}.{gnu["minor"] or 0}-{until}'
    return _NAMES.get(name.lower())


def _expression(synopsis):
    words = re.split(r'\s+(and|or)\s+', synopsis)
    if len(set(words[1::2])) > 1:  # which of the two binds closer is not ours to say
        return None
    names = [_spdx(name) for name in words[::2]]
    if None in names:
        return None
    joint = f' {words[1].upper()} ' if len(words) > 1 else ''
    return joint.join(names)


def _paragraphs(text):
    for paragraph in re.split(r'\n[ \t]*\n', text):
        unfolded = re.sub(r'\n[ \t]+', ' ', paragraph.strip())
        yield dict(re.findall(r'^([A-Za-z-]+):[ \t]*(.*)$', unfolded, re.M)), paragraph


def of_copyright_file(text):
    """(licence, other names): the SPDX expression of what holds for the work as a whole, the
    paragraph `Files: *`, and every short name that the file has in it. A licence that the file
    tells in no machine-readable form, or SPDX does not know, is not guessed."""
    if not _FORMAT.search(text):
        return NO_ASSERTION, []
    whole, names = None, set()
    for fields, paragraph in _paragraphs(text):
        synopsis = re.search(r'^License:[ \t]*(\S[^\n]*)$', paragraph, re.M)
        if not synopsis or 'Files' not in fields:
            continue
        names.add(synopsis[1].strip())
        if '*' in fields['Files'].split():
            whole = synopsis[1].strip()
    return (whole and _expression(whole)) or NO_ASSERTION, sorted(names)
