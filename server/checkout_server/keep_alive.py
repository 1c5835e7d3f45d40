"""How long an idle connection is kept: who asks gives it up well before who answers closes it.

A request that meets a connection in the moment of its closing is lost, and a create that is lost may have arrived.
Servers close after 5 s (uvicorn, Node) or more, and so our clients stop at 2 s. Proxies in front of ours keep theirs for
up to 60 s (nginx, load balancers), and so our server waits longer than those.
"""

from __future__ import annotations

import httpx

CLIENT = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=2.0)
SERVER_S = 75
