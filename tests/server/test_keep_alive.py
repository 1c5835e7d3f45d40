"""Who asks gives up an idle connection before who answers closes it."""

from __future__ import annotations

from checkout_server import keep_alive
from checkout_server.client.connection import options

_THE_SHORTEST_SERVER_S = 5  # uvicorn's and Node's default
_THE_LONGEST_PROXY_S = 60  # nginx's and most load balancers'


def test_ours_is_the_first_to_give_up_as_a_client_and_the_last_as_a_server() -> None:
    expiry = keep_alive.CLIENT.keepalive_expiry
    assert expiry is not None
    assert expiry < _THE_SHORTEST_SERVER_S / 2
    assert keep_alive.SERVER_S > _THE_LONGEST_PROXY_S


def test_the_clients_keep_to_it() -> None:
    assert options("https://pay.example", "key")["limits"] is keep_alive.CLIENT
