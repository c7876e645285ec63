"""CoAP: confirmable requests that are answered after the commit."""
from figures import Figures, print_table
from listener_acks import whole_job

REQUESTS = 200_000
UNDER_WAY_MAX = 200
CLIENTS = (100, 200, 1000, 4000)


def coap(bench):
    count, figures = bench.count(REQUESTS), Figures()
    for _ in range(bench.arguments.repeat):
        for clients in CLIENTS:
            done = whole_job(bench, figures, clients, max(count, clients),
                             ('--devices', clients, '--under-way', UNDER_WAY_MAX), way='coap')
            figures.add(clients, refused=done['refused'], again=done['retransmitted'],
                        given_up=done['given_up'])
    print_table(
        f'CoAP CON, 2.04 in a response of its own after the commit, {count:,} requests, one under '
        f'way a client and at most {UNDER_WAY_MAX} together:',
        ('clients', 'answered/s', 'ms p50', 'p99', 'CPU us a request', 'of the load', 'sent again',
         'refused', 'given up'),
        [[clients, figures.text(clients, 'rate'), figures.text(clients, 'p50', 1),
          figures.text(clients, 'p99', 1), figures.text(clients, 'receiver', 1),
          figures.text(clients, 'load', 1), figures.text(clients, 'again'),
          figures.text(clients, 'refused'), figures.text(clients, 'given_up')]
         for clients in CLIENTS])
