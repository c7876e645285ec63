"""What the demonstration says, in French and in English."""
import os

_ENGLISH = {
    'open': 'Status page    {page}',
    'try_mqtt': 'Publish one yourself over MQTT:',
    'try_coap': 'Or over CoAP:',
    'refused': 'And something the gateway must refuse, and count:',
    'meters': 'Virtual meters are sending over MQTT and CoAP. Ctrl-C stops.',
    'line': 'received {received}   stored {stored}   delivered {delivered}   waiting {waiting}'
            '   refused {refused}   devices {devices}',
    'draining': 'Stopping: no new readings; waiting until the city has confirmed the last ones.',
    'kept': 'Left for you: {directory}',
    'delivered': '{count} readings delivered; the city has each of them once.',
    'nothing': 'nothing was delivered',
    'late': 'readings still wait for the city after {seconds} s',
    'ledger': 'the ledger does not balance: {ledger}',
    'receiver': 'the city has {stored} readings, {duplicates} of them twice and {gaps} missing; '
                'the gateway says that it delivered {delivered}',
    'status': 'the gateway ended with status {status}',
    'ended': '{name} ended before it was told to, with status {status}',
}
_FRENCH = {
    'open': "Page d'état    {page}",
    'try_mqtt': 'Publiez vous-même un relevé par MQTT :',
    'try_coap': 'Ou par CoAP :',
    'refused': 'Et un relevé que la passerelle doit refuser, et compter :',
    'meters': 'Des compteurs virtuels émettent par MQTT et CoAP. Ctrl-C pour arrêter.',
    'line': 'reçus {received}   enregistrés {stored}   livrés {delivered}   en attente {waiting}'
            '   refusés {refused}   appareils {devices}',
    'draining': 'Arrêt : plus de nouveaux relevés ; la ville confirme les derniers.',
    'kept': 'Conservé pour vous : {directory}',
    'delivered': '{count} relevés livrés ; la ville a chacun une seule fois.',
    'nothing': "rien n'a été livré",
    'late': 'des relevés attendent encore la ville après {seconds} s',
    'ledger': "les comptes ne s'équilibrent pas : {ledger}",
    'receiver': 'la ville a {stored} relevés, dont {duplicates} en double et {gaps} manquants ; '
                'la passerelle dit en avoir livré {delivered}',
    'status': "la passerelle s'est terminée avec le statut {status}",
    'ended': "{name} s'est terminé avant l'heure, avec le statut {status}",
}


def language():
    for name in ('LC_ALL', 'LC_MESSAGES', 'LANG'):
        if os.environ.get(name):
            return 'fr' if os.environ[name].startswith('fr') else 'en'
    return 'en'


def say(key, **values):
    words = _FRENCH if language() == 'fr' else _ENGLISH
    return words[key].format(**values)
