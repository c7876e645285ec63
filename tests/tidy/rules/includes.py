"""Who may include whom. The table is the architecture: gateway/README.md draws it."""
import re

from source import ROOT

_FREELY = ('gateway/language/failure.hpp', 'gateway/language/translate.hpp', 'gateway/model/',
           'gateway/settings/settings.hpp')
_PLUMBING = _FREELY + ('gateway/runtime/', 'gateway/observe/')
_DRIVER = _PLUMBING + ('drivers/driver.hpp', 'drivers/surroundings.hpp',
                       'drivers/update/',
                       'gateway/firmware/depot.hpp',
                       'gateway/ingest/access.hpp', 'gateway/ingest/frame_sink.hpp',
                       'gateway/ingest/key_files.hpp',
                       'gateway/ingest/receipt.hpp', 'gateway/ingest/session_memory.hpp')

# Folder -> what it may include of ours besides itself. Prefixes; the longest folder that fits
# holds.
_OURS = {
    'gateway/model/': (),
    'gateway/language/': (),
    'gateway/runtime/': (),
    'gateway/settings/': ('gateway/model/', 'gateway/language/'),
    'gateway/observe/': ('gateway/model/', 'gateway/language/', 'gateway/runtime/clock.hpp'),
    'gateway/decode/': ('gateway/model/', 'gateway/settings/settings.hpp'),
    'gateway/anonymise/': ('gateway/model/', 'gateway/settings/settings.hpp',
                           'gateway/settings/recipient_terms.hpp'),
    'gateway/ingest/': _PLUMBING,
    'gateway/buffer/': _PLUMBING + ('gateway/anonymise/key_ring.hpp',
                                    'gateway/settings/kept_step.hpp'),
    'gateway/aggregate/': _FREELY + ('gateway/anonymise/canonical_form.hpp',
                                     'gateway/anonymise/key_', 'gateway/anonymise/pseudonym.hpp',
                                     'gateway/buffer/error.hpp', 'gateway/buffer/sqlite_',
                                     'gateway/buffer/store_file.hpp'),
    'gateway/subject/': _FREELY + ('gateway/anonymise/', 'gateway/buffer/erasure.hpp',
                                   'gateway/buffer/store.hpp', 'gateway/buffer/store_file.hpp',
                                   'gateway/runtime/wipe.hpp', 'gateway/sealing/',
                                   'gateway/settings/wording.hpp'),
    'gateway/sealing/': ('gateway/model/', 'gateway/runtime/key_text.hpp',
                         'gateway/runtime/wipe.hpp'),
    'gateway/quarantine/': _PLUMBING + ('gateway/sealing/',),
    'gateway/loosening/': _FREELY + ('gateway/runtime/', 'gateway/sealing/', 'gateway/settings/'),
    'gateway/rollout/': _PLUMBING,
    'gateway/firmware/': _PLUMBING + ('gateway/buffer/error.hpp', 'gateway/buffer/sqlite_',
                                      'gateway/buffer/store_file.hpp', 'gateway/sealing/'),
    'gateway/forward/': _PLUMBING + ('gateway/buffer/batch_queue.hpp', 'gateway/buffer/batch.hpp',
                                     'gateway/anonymise/key_store.hpp',
                                     'gateway/anonymise/recipient_rules.hpp',
                                     'gateway/settings/recipient_terms.hpp',
                                     'gateway/settings/rule_text.hpp', 'gateway/mqtt_codec/'),
    'gateway/status/': _FREELY + ('gateway/observe/', 'gateway/runtime/', 'gateway/settings/'),
    'gateway/doctor/': _FREELY + ('gateway/observe/report.hpp', 'gateway/settings/',
                                  'gateway/anonymise/secret_key.hpp',
                                  'gateway/buffer/damaged_file.hpp', 'gateway/mqtt_codec/',
                                  'gateway/runtime/key_text.hpp',
                                  'gateway/runtime/last_good_time.hpp',
                                  'gateway/runtime/secret_file.hpp',
                                  'gateway/runtime/system_group.hpp',
                                  'gateway/runtime/time_service.hpp',
                                  'gateway/runtime/wipe.hpp', 'gateway/status/words.hpp',
                                  'gateway/forward/connection_failure.hpp'),
    'gateway/cli/': _FREELY + ('gateway/observe/', 'gateway/settings/', 'gateway/decode/',
                               'gateway/doctor/box.hpp', 'gateway/doctor/check.hpp',
                               'gateway/doctor/examination.hpp',
                               'gateway/aggregate/sum_plan.hpp', 'gateway/anonymise/',
                               'gateway/firmware/',
                               'gateway/ingest/admission.hpp',
                               'gateway/ingest/frame_fields.hpp', 'gateway/loosening/',
                               'gateway/quarantine/', 'gateway/rollout/',
                               'gateway/runtime/clock.hpp',
                               'gateway/runtime/device_keys.hpp',
                               'gateway/runtime/key_text.hpp', 'gateway/runtime/new_file.hpp',
                               'gateway/runtime/password_hash.hpp',
                               'gateway/runtime/replace_file.hpp',
                               'gateway/runtime/secret_file.hpp',
                               'gateway/runtime/system_group.hpp', 'gateway/runtime/wipe.hpp',
                               'gateway/sealing/',
                               'gateway/status/device_words.hpp',
                               'gateway/status/firmware_words.hpp', 'gateway/status/gzip.hpp',
                               'gateway/status/html.hpp', 'gateway/status/tail_filter.hpp',
                               'gateway/status/utf8.hpp',
                               'gateway/status/words.hpp', 'gateway/subject/certificate.hpp',
                               'gateway/subject/digest.hpp', 'gateway/subject/export_',
                               'gateway/subject/pack.hpp', 'gateway/subject/request.hpp'),
    'drivers/': _DRIVER,
    'drivers/catalogue': _PLUMBING + ('drivers/',),
    'gateway/mqtt_codec/': ('gateway/model/message.hpp', 'gateway/model/result.hpp'),
    'drivers/mqtt_listener/': _DRIVER + ('gateway/mqtt_codec/',),
    'gateway/': ('gateway/', 'drivers/'),  # main, app, pipeline: they join the parts
    'tests/': ('gateway/', 'drivers/', 'firmware-bridge/device/', 'tests/'),
}

# Libraries, and the folders that may see them. Never in a header of ours, but for the basic ones.
_LIBRARIES = {
    'sqlite3.h': ('gateway/buffer/', 'tests/'),
    'coap3/': ('drivers/coap/', 'drivers/simulator/', 'gateway/cli/', 'tests/'),
    'mqtt/': ('drivers/mqtt/', 'drivers/simulator/', 'gateway/cli/', 'tests/'),
    'MQTT': ('drivers/mqtt/', 'drivers/simulator/', 'gateway/cli/', 'tests/'),
    'curl/': ('gateway/doctor/', 'gateway/forward/', 'tests/'),
    'boost/beast': ('gateway/status/', 'tests/'),
    'boost/json': ('gateway/firmware/', 'gateway/rollout/', 'gateway/status/', 'gateway/subject/',
                   'gateway/cli/', 'gateway/forward/', 'drivers/', 'tests/'),
    'simdjson.h': ('gateway/decode/', 'gateway/anonymise/', 'drivers/', 'tests/'),
    'openssl/': ('gateway/decode/', 'gateway/anonymise/', 'gateway/aggregate/', 'gateway/cli/',
                 'gateway/doctor/', 'gateway/forward/', 'gateway/subject/', 'gateway/runtime/',
                 'drivers/mqtt_listener/', 'tests/'),
    'sodium.h': ('gateway/anonymise/', 'gateway/buffer/', 'gateway/firmware/', 'gateway/ingest/',
                 'gateway/loosening/',
                 'gateway/rollout/', 'gateway/runtime/', 'gateway/sealing/', 'gateway/status/',
                 'tests/'),
    'nettle/': ('gateway/anonymise/',),
    'zstd.h': ('gateway/buffer/', 'gateway/forward/', 'tests/'),
    'zlib.h': ('gateway/buffer/', 'gateway/aggregate/', 'gateway/forward/', 'gateway/status/',
               'tests/'),
    'toml++/': ('gateway/settings/', 'tests/'),
    'qrencode.h': ('gateway/cli/',),
    'CLI/': ('gateway/cli/', 'tests/'),
    'systemd/': ('gateway/observe/', 'gateway/runtime/', 'tests/'),
    'libintl.h': ('gateway/language/',),
    'google/protobuf': ('gateway/decode/', 'gateway/firmware/', 'gateway/forward/', 'gateway/cli/',
                        'drivers/serial/', 'drivers/update/', 'tests/'),
    'passerelle/v1/': ('gateway/decode/', 'gateway/firmware/', 'gateway/forward/', 'gateway/cli/',
                       'drivers/serial/', 'drivers/update/', 'tests/'),
    'catch2/': ('tests/',),
}
# Headers that only the .cpp files beside them include.
_PRIVATE_HEADERS = ('gateway/decode/json_on_demand.hpp',)
_WITHOUT_ASIO = ('gateway/model/', 'gateway/language/', 'gateway/decode/', 'gateway/anonymise/',
                 'gateway/aggregate/', 'gateway/sealing/', 'gateway/settings/',
                 'gateway/mqtt_codec/', 'gateway/subject/')
_JOINS = re.compile(r'gateway/[^/]+$')


def check(source):
    if not source.is_cpp or not source.path.startswith(('gateway/', 'drivers/', 'tests/')):
        return
    for line, header, quoted in source.includes:
        fault = _ours(source, header) if quoted else _library(source, header)
        if fault:
            yield line, 'include', fault
    yield from _own_header(source)


def _own_header(source):
    """What a source includes first is compiled on its own by that: cmake/targets.cmake counts on
    it."""
    header = source.path.removesuffix('.cpp') + '.hpp'
    if source.suffix != '.cpp' or not (ROOT / header).is_file():
        return
    if source.path.startswith('tests/'):
        return
    line, first, _ = source.includes[0] if source.includes else (1, None, None)
    if first != header:
        yield line, 'own-header', f'include {header} before anything else'


def _ours(source, header):
    if source.path.startswith('tests/') and (ROOT / source.path).parent.joinpath(header).is_file():
        return None
    if not (ROOT / header).is_file():
        return f'{header}: no such file below the root'
    own = '/'.join(source.path.split('/')[:2]) + '/'
    if header.startswith(own) and not _JOINS.match(source.path):
        return None
    folder = max((f for f in _OURS if source.path.startswith(f)), key=len)
    if folder == 'gateway/' and not _JOINS.match(source.path):
        return f'{source.path}: a folder that the include rules do not know'
    if not header.startswith(_OURS[folder]):
        return f'{folder} may not include {header}'
    return None


def _library(source, header):
    if header == 'boost/asio.hpp':
        return 'include the headers of Asio that are used, not all of them'
    if header.startswith('boost/asio') and source.path.startswith(_WITHOUT_ASIO):
        return f'{header}: this folder is pure functions and values'
    for prefix, folders in _LIBRARIES.items():
        if not header.startswith(prefix):
            continue
        if not source.path.startswith(folders) and not _JOINS.match(source.path):
            return f'<{header}> belongs into {", ".join(folders)}'
        is_header = source.suffix in ('.hpp', '.h')
        if is_header and not source.path.startswith(('tests/', *_PRIVATE_HEADERS)):
            return f'<{header}> in a header: keep the library behind a private implementation'
    return None
