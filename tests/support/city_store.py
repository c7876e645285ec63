"""What the reference receiver keeps: readings by (gateway, sequence), batches by id, counts."""
import json
import sqlite3
import threading
from datetime import datetime, timedelta
from itertools import repeat

from city_batch import QUALITIES

NAMES_MAX = 200_000  # names remembered in memory; more are looked up again

SCHEMA = '''
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 4000;
CREATE TABLE IF NOT EXISTS name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS reading (
    gateway INTEGER, sequence INTEGER, dataset INTEGER, device INTEGER, quantity INTEGER,
    mantissa INTEGER, exponent INTEGER, time_ms INTEGER, quality INTEGER, attributes INTEGER,
    PRIMARY KEY (gateway, sequence)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS batch (
    id TEXT PRIMARY KEY, digest BLOB, gateway INTEGER, dataset INTEGER, readings INTEGER)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS high (
    gateway INTEGER, dataset INTEGER, sequence INTEGER, readings INTEGER,
    PRIMARY KEY (gateway, dataset)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gap (
    gateway INTEGER, dataset INTEGER, first INTEGER, last INTEGER, cause TEXT, count INTEGER,
    from_ms INTEGER, to_ms INTEGER, PRIMARY KEY (gateway, dataset, first, last, cause, count))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS erasure (
    gateway INTEGER, dataset INTEGER, device TEXT, attribute TEXT, value TEXT, last INTEGER,
    PRIMARY KEY (gateway, dataset, device, attribute, value, last)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tally (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
'''
INSERT = 'INSERT OR IGNORE INTO reading VALUES (?,?,?,?,?,?,?,?,?,?)'
ERROR = 'error '  # of tallies: the cause follows
COUNTS = ('batches', 'duplicates', 'out_of_order_per_device', 'key_conflicts')
EPOCH = datetime(1970, 1, 1)
NEWEST = '''
SELECT g.text, sequence, s.text, d.text, q.text, mantissa, exponent, time_ms, quality, a.text
FROM (SELECT * FROM reading ORDER BY sequence DESC LIMIT ?) AS r
JOIN name g ON g.id = r.gateway JOIN name s ON s.id = r.dataset JOIN name d ON d.id = r.device
JOIN name q ON q.id = r.quantity JOIN name a ON a.id = r.attributes ORDER BY sequence DESC'''
LOST = 'SELECT cause, SUM(count) FROM gap GROUP BY cause'
# Gaps in whose span there are more readings than it leaves room for.
OVERFULL = '''
SELECT COUNT(*) FROM gap WHERE count + (
    SELECT COUNT(*) FROM reading r WHERE r.gateway = gap.gateway AND r.dataset = gap.dataset
    AND r.sequence BETWEEN first AND last) > last - first + 1'''
ERASE_DEVICE = '''
DELETE FROM reading WHERE gateway=?1 AND dataset=?2 AND sequence<=?3
AND device IN (SELECT id FROM name WHERE text=?4 AND ?5='')'''
ERASE_ATTRIBUTE = '''
DELETE FROM reading WHERE gateway=?1 AND dataset=?2 AND sequence<=?3
AND attributes IN (SELECT name.id FROM name, json_each(name.text) AS member
                   WHERE json_valid(name.text) AND member.key=?4
                   AND member.value = json_extract(?5, '$'))'''
LATER = 'SELECT 1 FROM reading WHERE gateway=? AND sequence>? AND dataset=? AND device=? LIMIT 1'


class KeyConflict(Exception):
    """A batch id that was seen before, with other bytes."""


def reading_text(row):
    gateway, sequence, dataset, device, quantity, mantissa, exponent, time_ms, quality, more = row
    quantity, unit = quantity.split('|')
    moment = EPOCH + timedelta(milliseconds=time_ms)
    head = json.dumps(
        {'gateway': gateway, 'sequence': sequence, 'dataset': dataset, 'device': device,
         'quantity': quantity, 'unit': unit, 'time_quality': QUALITIES[quality],
         'time': moment.strftime('%Y-%m-%dT%H:%M:%S.') + f'{time_ms % 1000:03}Z'},
        ensure_ascii=False)
    return f'{head[:-1]}, "value": {number_text(mantissa, exponent)}, "attributes": {more}}}'


def number_text(mantissa, exponent):
    """The JSON number with exactly these digits."""
    if exponent >= 0:
        return f'{mantissa}{"0" * exponent if mantissa else ""}'
    digits = str(abs(mantissa)).rjust(1 - exponent, '0')
    return f'{"-" if mantissa < 0 else ""}{digits[:exponent]}.{digits[exponent:]}'


class Store:
    """Every method may be called by any thread; what record() returned from is on the disk."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.connection.executescript(SCHEMA)
        self.names = {}

    def close(self):
        with self.lock:
            self.connection.close()

    def record(self, batch, digest):
        """Stores a batch. True if it is new, False if it was stored before; raises KeyConflict."""
        with self.lock:
            self.connection.execute('BEGIN IMMEDIATE')
            try:
                new = self._record(batch, digest)
            except BaseException:
                self.connection.execute('ROLLBACK')
                self.names.clear()
                raise
            self.connection.execute('COMMIT')
        return new

    def count(self, name):
        with self.lock:
            self._add(name, 1)

    def summary(self):
        """The counts of everything recorded, errors aside."""
        with self.lock:
            tally = dict(self.connection.execute('SELECT name, value FROM tally'))
            by_dataset = dict(self.connection.execute(
                'SELECT text, SUM(readings) FROM high JOIN name ON id = dataset GROUP BY text'))
            spans = self.connection.execute(
                'SELECT gateway, SUM(readings) FROM high GROUP BY gateway').fetchall()
            gaps = sum(self._span(gateway) - readings for gateway, readings in spans)
            lost = dict(self.connection.execute(LOST))
            overfull, = self._row(OVERFULL)
        errors = {name[len(ERROR):]: value for name, value in tally.items()
                  if name.startswith(ERROR)}
        counts = {name: tally.get(name, 0) for name in COUNTS}
        return {'readings': sum(by_dataset.values()), 'gaps': gaps, 'by_dataset': by_dataset,
                'errors': errors, **counts, 'lost': lost, 'overfull_gaps': overfull}

    def newest(self, limit):
        """The readings with the highest sequences, the highest first, as JSON texts."""
        with self.lock:
            rows = self.connection.execute(NEWEST, (limit,)).fetchall()
        return [reading_text(row) for row in rows]

    def _span(self, gateway):
        """How many readings there would be if none were missing between the first and the last."""
        first, = self._row('SELECT MIN(sequence) FROM reading WHERE gateway=?', gateway)
        last, = self._row('SELECT MAX(sequence) FROM reading WHERE gateway=?', gateway)
        return last - first + 1

    def _record(self, batch, digest):
        known = self._row('SELECT digest FROM batch WHERE id=?', batch.id)
        if known:
            if known[0] != digest:
                raise KeyConflict
            return False
        gateway, dataset = self._name(batch.gateway), self._name(batch.dataset)
        self._keep_gaps(batch, gateway, dataset)
        self._add('batches', 1)
        stored = self._keep_readings(batch, gateway, dataset) if batch.sequences else 0
        self.connection.execute('INSERT INTO batch VALUES (?,?,?,?,?)',
                                (batch.id, digest, gateway, dataset, len(batch.sequences)))
        self._add('duplicates', len(batch.sequences) - stored)
        for erasure in batch.erasures:
            self._erase(erasure, gateway, dataset)
        return True

    def _erase(self, erasure, gateway, dataset):
        """What the contract asks of a recipient; the notice itself is kept for the tests."""
        self.connection.execute(
            'INSERT OR IGNORE INTO erasure VALUES (?,?,?,?,?,?)',
            (gateway, dataset, erasure.device, erasure.attribute, erasure.value, erasure.last))
        erased = self.connection.execute(
            ERASE_DEVICE if erasure.device else ERASE_ATTRIBUTE,
            (gateway, dataset, erasure.last, erasure.device or erasure.attribute, erasure.value))
        self.connection.execute(
            'UPDATE high SET readings = readings - ? WHERE gateway=? AND dataset=?',
            (erased.rowcount, gateway, dataset))

    def _keep_gaps(self, batch, gateway, dataset):
        self.connection.executemany(
            'INSERT OR IGNORE INTO gap VALUES (?,?,?,?,?,?,?,?)',
            [(gateway, dataset, gap.first, gap.last, gap.cause, gap.count, gap.from_ms, gap.to_ms)
             for gap in batch.gaps])

    def _keep_readings(self, batch, gateway, dataset):
        """How many of the readings are new."""
        highest = self._row(
            'SELECT sequence FROM high WHERE gateway=? AND dataset=?', gateway, dataset)
        stored = self._insert(list(self._rows(batch, gateway, dataset)), highest)
        self.connection.execute(
            'INSERT INTO high VALUES (?1,?2,?3,?4) ON CONFLICT DO UPDATE SET '
            'sequence = max(sequence, ?3), readings = readings + ?4',
            (gateway, dataset, batch.sequences[-1], stored))
        return stored

    def _rows(self, batch, gateway, dataset):
        """The batch as rows of the table `reading`."""
        columns = (batch.devices, [f'{name}|{unit}' for name, unit in batch.quantities],
                   batch.attributes)
        devices, quantities, attributes = (
            map({text: self._name(text) for text in set(column)}.__getitem__, column)
            for column in columns)
        return zip(repeat(gateway), batch.sequences, repeat(dataset), devices, quantities,
                   batch.mantissas, batch.exponents, batch.times_ms, batch.qualities, attributes)

    def _insert(self, rows, highest):
        """How many of the rows are new. Those below the highest known sequence come late."""
        late = []
        if highest and rows[0][1] <= highest[0]:
            late = [row for row in rows if row[1] <= highest[0]]
        stored = sum(map(self._insert_late, late))
        before = self.connection.total_changes
        self.connection.executemany(INSERT, rows[len(late):])
        return stored + self.connection.total_changes - before

    def _insert_late(self, row):
        gateway, sequence, dataset, device = row[:4]
        new = self.connection.execute(INSERT, row).rowcount
        if new and self._row(LATER, gateway, sequence, dataset, device):
            self._add('out_of_order_per_device', 1)
        return new

    def _name(self, text):
        found = self.names.get(text)
        if found is None:
            if len(self.names) >= NAMES_MAX:
                self.names.clear()
            self.connection.execute('INSERT OR IGNORE INTO name (text) VALUES (?)', (text,))
            found, = self._row('SELECT id FROM name WHERE text=?', text)
            self.names[text] = found
        return found

    def _row(self, query, *arguments):
        return self.connection.execute(query, arguments).fetchone()

    def _add(self, name, value):
        self.connection.execute(
            'INSERT INTO tally VALUES (?1,?2) ON CONFLICT DO UPDATE SET value = value + ?2',
            (name, value))
