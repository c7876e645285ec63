"""Whether nothing was lost and nothing was delivered twice."""
from words import say


def waiting(ledger):
    return sum(uplink['waiting'] for uplink in ledger['uplinks'].values())


def delivered(ledger):
    return sum(uplink['delivered'] for uplink in ledger['uplinks'].values())


def faults(ledger, city):
    """What is wrong with the gateway's ledger and the receiver's summary; empty if all is well."""
    found = []
    if delivered(ledger) == 0:
        found.append(say('nothing'))
    received = ledger['stored'] + sum(ledger['refused'].values())
    balanced = ledger['received'] == received and all(
        uplink['stored'] == sum(uplink[key] for key in ('delivered', 'waiting', 'dead', 'evicted'))
        for uplink in ledger['uplinks'].values())
    if not balanced:
        found.append(say('ledger', ledger=ledger))
    if city['readings'] != delivered(ledger) or city['duplicates'] or city['gaps']:
        found.append(say('receiver', stored=city['readings'], duplicates=city['duplicates'],
                         gaps=city['gaps'], delivered=delivered(ledger)))
    return found
