"""Updates over the serial link: both ends, written from the tables of firmware-bridge/README.md.

`Updates` is what a gateway offers, given to a GatewayEnd; `NodeUpdates` is what a node has of
updates and settings, given to a SimulatedNode.
"""
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from serial_link import (
    ANSWER_MS, ANSWER_MS_MAX, UPDATE_ASK, UPDATE_OFFER, UPDATE_OVER, UPDATE_PIECE, UPDATE_SEEN,
    UPDATE_STATE, Frame, decode, encode)

CONTEXT = b'passerelle-manifest-1\0'
FORMAT = 1
MANIFEST_BYTES_MAX, PIECE_BYTES_MAX = 160, 224
INTERVAL_S_MAX = 86_400
TRIAL_MS, RESTART_MS = 600_000, 10_000
STARTS_MAX = 3

IMAGE = {'size': (1, 'int'), 'sha256': (2, 'bytes'), 'sequence_min': (3, 'int')}
SETTINGS = {'reporting_interval_s': (1, 'int')}
MANIFEST = {'format': (1, 'int'), 'vendor': (2, 'text'), 'device_class': (3, 'text'),
            'sequence': (4, 'int'), 'expires_unix_s': (5, 'fixed64'), 'node': (6, 'text'),
            'image': (7, IMAGE), 'settings': (8, SETTINGS)}
SIGNED_MANIFEST = {'manifest': (1, 'bytes'), 'signature': (2, 'bytes')}
NODE_UPDATE_ASK = {'update': (1, 'int'), 'size': (2, 'int')}
NODE_UPDATE_STATE = {'update': (1, 'int'), 'is_settings': (2, 'bool'), 'state': (3, 'int'),
                     'cause': (4, 'int'), 'offset': (5, 'int')}
OFFERED, DOWNLOADING, VERIFIED, CONFIRMED, ROLLED_BACK, FAILED = range(6)
NONE, SIGNATURE, NOT_FOR_IT, OLD, EXPIRED, TOO_LARGE, DIGEST, STORAGE, BASE = range(9)


class Signer:
    """A key of who answers for firmware."""

    def __init__(self, seed=bytes(32)):
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, values):
        manifest = encode(MANIFEST, values)
        return encode(SIGNED_MANIFEST,
                      {'manifest': manifest, 'signature': self._key.sign(CONTEXT + manifest)})

    def image(self, sequence, image, sequence_min=0, **about):
        content = {'size': len(image), 'sha256': hashlib.sha256(image).digest(),
                   'sequence_min': sequence_min}
        return self.sign({**_about(sequence, about), 'image': content})

    def settings(self, sequence, reporting_interval_s, **about):
        content = {'reporting_interval_s': reporting_interval_s}
        return self.sign({**_about(sequence, about), 'settings': content})


def _about(sequence, about):
    return {'format': FORMAT, 'vendor': 'Passerelle', 'device_class': 'program',
            'sequence': sequence, 'expires_unix_s': 4_000_000_000, **about}


class Updates:
    """What a gateway has for nodes: one update at a time, `image` None for settings."""

    def __init__(self, signed_manifest, image=None):
        self.signed_manifest, self.image = signed_manifest, image
        manifest = decode(MANIFEST, decode(SIGNED_MANIFEST, signed_manifest)['manifest'])
        self.sequence = manifest['sequence']
        self.is_withdrawn = False
        self.asked, self.states = [], []  # (offset, size); decoded UPDATE-STATE

    def offer(self, address, session, hello):
        """After WELCOME."""
        has = hello['settings' if self.image is None else 'firmware']
        if self.is_withdrawn or not hello['image_bytes_max'] or has >= self.sequence:
            return b''
        return self.offer_again(address, session)

    def offer_again(self, address, session):
        return Frame(UPDATE_OFFER, address, session, 0, self.signed_manifest).pack()

    def answer(self, frame):
        if frame.type == UPDATE_STATE:
            state = decode(NODE_UPDATE_STATE, frame.payload)
            self.states.append(state)
            return Frame(UPDATE_SEEN, frame.address, frame.session, state['update'],
                         frame.payload).pack()
        ask = decode(NODE_UPDATE_ASK, frame.payload)
        if self.is_withdrawn or ask['update'] != self.sequence or not self.image:
            return Frame(UPDATE_OVER, frame.address, frame.session, ask['update']).pack()
        self.asked.append((frame.sequence, ask['size']))
        end = frame.sequence + min(ask['size'], PIECE_BYTES_MAX)
        return Frame(UPDATE_PIECE, frame.address, frame.session, frame.sequence,
                     self.image[frame.sequence:end]).pack()


class _Repeated:
    """Something that is said until it is answered, less and less often."""

    def __init__(self):
        self.due, self._wait = 0, ANSWER_MS

    def is_due(self, now):
        if now < self.due:
            return False
        self.due, self._wait = now + self._wait, min(2 * self._wait, ANSWER_MS_MAX)
        return True


class NodeUpdates:
    """What a node has of updates; all of it but the questions under way survives a start.

    `works(image)` says whether a firmware comes so far that it can confirm itself.
    """

    def __init__(self, keys, vendor='Simulated', device_class='python', image_bytes_max=1 << 20):
        self.keys, self.vendor, self.device_class = keys, vendor, device_class
        self.image_bytes_max = image_bytes_max
        self.works = lambda image: True
        self.firmware, self.image = 1, b''  # that runs
        self.settings = self.reporting_interval_s = 0
        self.floor = 0
        self.manifest, self.received = None, bytearray()  # of an image that is under way
        self.on_trial = self.is_verified = False
        self.told = []    # every UPDATE-STATE, once
        self._former = None
        self._telling = {}  # by is_settings: what is said until it was seen
        self.started(0)

    def started(self, now):
        self._ask, self._tell = _Repeated(), {False: _Repeated(), True: _Repeated()}
        self._restart_at = now + TRIAL_MS if self.on_trial else None
        self._starts = self._starts + 1 if self.on_trial else 0

    def hello(self):
        return {'vendor': self.vendor, 'device_class': self.device_class,
                'firmware': self.firmware, 'settings': self.settings,
                'image_bytes_max': self.image_bytes_max, 'on_trial': self.on_trial}

    def take(self, now, frame, node):
        """A frame of the session; `node` has name and unix_ms."""
        if frame.type == UPDATE_OFFER:
            self._offered(now, frame.payload, node)
        elif frame.type == UPDATE_PIECE and self._is_downloading():
            if frame.sequence == len(self.received) and len(frame.payload) == self._wanted():
                self.received += frame.payload
                self._ask = _Repeated()
                if len(self.received) == self.manifest['image']['size']:
                    self._whole(now)
        elif frame.type == UPDATE_OVER and self.manifest and not self.on_trial and \
                frame.sequence == self.manifest['sequence']:
            self._forget()
            self._telling.pop(False, None)
        elif frame.type == UPDATE_SEEN:
            self._seen(now, decode(NODE_UPDATE_STATE, frame.payload))

    def say(self, now):
        """(type, sequence, payload) of what is to be sent now."""
        said = [(UPDATE_STATE, 0, encode(NODE_UPDATE_STATE, state))
                for is_settings, state in list(self._telling.items())
                if self._tell[is_settings].is_due(now)]
        for is_settings, state in list(self._telling.items()):
            if state['state'] == OFFERED:
                del self._telling[is_settings]
        if self._is_downloading() and self._ask.is_due(now):
            ask = {'update': self.manifest['sequence'], 'size': self._wanted()}
            said.append((UPDATE_ASK, len(self.received), encode(NODE_UPDATE_ASK, ask)))
        return said

    def acknowledged(self):
        """The gateway has taken a message of the firmware that runs."""
        if not self.on_trial or not self.works(self.image):
            return
        self.on_trial, self._restart_at = False, None
        self.floor = max(self.floor, self.firmware)
        self._tell_state(False, self.firmware, CONFIRMED)

    def restarts(self, now):
        """Whether the node starts again now, with which firmware then is settled."""
        if self._restart_at is None or now < self._restart_at:
            return False
        if self.is_verified:
            self._former = self.firmware, self.image
            self.firmware, self.image = self.manifest['sequence'], bytes(self.received)
            self.on_trial = True
            self._telling.pop(False, None)
            self._forget()
        elif self._starts >= STARTS_MAX:
            update = self.firmware
            (self.firmware, self.image), self.on_trial = self._former, False
            self._tell_state(False, update, ROLLED_BACK)
        return True

    def _offered(self, now, signed, node):
        update, is_settings, cause, manifest = 0, False, SIGNATURE, None
        try:
            signed = decode(SIGNED_MANIFEST, signed)
            manifest = decode(MANIFEST, signed['manifest'])
            update, is_settings = manifest['sequence'], manifest['settings'] is not None
            cause = self._fault(signed, manifest, node)
        except ValueError:
            pass
        if not is_settings and (self.is_verified or self.on_trial):
            return  # one at a time
        if is_settings in self._telling:
            return  # it has not been seen yet: it comes again
        if cause != NONE:
            self._tell_state(is_settings, update, FAILED, cause)
        elif is_settings:
            self.settings = update
            self.reporting_interval_s = manifest['settings']['reporting_interval_s']
            self._tell_state(True, update, CONFIRMED)
        else:
            if manifest != self.manifest:
                self.manifest, self.received = manifest, bytearray()
            self._ask = _Repeated()
            self._tell_state(False, update, OFFERED, offset=len(self.received))

    def _fault(self, signed, manifest, node):
        if not self._is_signed(signed) or manifest['format'] != FORMAT or \
                not manifest['sequence'] or len(signed['manifest']) > MANIFEST_BYTES_MAX:
            return SIGNATURE
        image, settings = manifest['image'], manifest['settings']
        if (manifest['vendor'], manifest['device_class']) != (self.vendor, self.device_class) or \
                manifest['node'] not in ('', node.name) or (image is None) == (settings is None):
            return NOT_FOR_IT
        if settings and not 1 <= settings['reporting_interval_s'] <= INTERVAL_S_MAX:
            return NOT_FOR_IT
        has = self.settings if settings else max(self.firmware, self.floor)
        if manifest['sequence'] <= has:
            return OLD
        if node.unix_ms and manifest['expires_unix_s'] * 1000 <= node.unix_ms:
            return EXPIRED
        if image and not 1 <= image['size'] <= self.image_bytes_max:
            return TOO_LARGE
        return BASE if image and image['sequence_min'] > self.firmware else NONE

    def _is_signed(self, signed):
        for key in self.keys:
            try:
                Ed25519PublicKey.from_public_bytes(key).verify(
                    signed['signature'], CONTEXT + signed['manifest'])
                return True
            except InvalidSignature:
                continue
        return False

    def _is_downloading(self):
        return self.manifest is not None and not self.is_verified

    def _wanted(self):
        return min(PIECE_BYTES_MAX, self.manifest['image']['size'] - len(self.received))

    def _whole(self, now):
        update = self.manifest['sequence']
        if hashlib.sha256(self.received).digest() != self.manifest['image']['sha256']:
            self._forget()
            self._tell_state(False, update, FAILED, DIGEST)
            return
        self.is_verified, self._restart_at = True, now + RESTART_MS
        self._tell_state(False, update, VERIFIED, offset=len(self.received))

    def _seen(self, now, seen):
        state = self._telling.get(seen['is_settings'])
        if not state or any(state[name] != seen[name] for name in ('update', 'state')):
            return
        del self._telling[seen['is_settings']]
        if state['state'] == VERIFIED:
            self._restart_at = now

    def _tell_state(self, is_settings, update, state, cause=NONE, offset=0):
        told = {'update': update, 'is_settings': is_settings, 'state': state, 'cause': cause,
                'offset': offset}
        self.told.append(told)
        self._telling[is_settings], self._tell[is_settings] = told, _Repeated()

    def _forget(self):
        self.manifest, self.received, self.is_verified = None, bytearray(), False
        self._restart_at = None
