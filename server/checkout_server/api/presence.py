"""A shopper in front of the page is a reason to look at the provider now and then, webhook or not."""

from __future__ import annotations

from datetime import timedelta

from checkout_server.api.limits import Every
from checkout_server.context import Context
from checkout_server.record import Session
from checkout_server.store import jobs
from checkout_ui.status import is_final

# Often enough that a lost webhook is not noticed by the shopper; the account's budget has the last word.
_EVERY = 5.0


class Presence:
    """Notices a shopper at most every five seconds for each session."""

    def __init__(self) -> None:
        self._due = Every(_EVERY)

    async def notice(self, ctx: Context, session: Session) -> None:
        now = ctx.clock()
        if is_final(session.status) or (session.provider_ref is None and not session.created_in_browser):
            return
        if session.tries and session.next_at is not None and session.next_at > now:
            return  # the provider is in trouble or asked to slow down: the back-off decides
        seen = session.observed_at
        if seen is not None and now < seen + timedelta(seconds=_EVERY):
            return
        if self._due(session.id, now):
            async with ctx.database.write() as tx:
                await jobs.request_refresh(tx, session.id, now, jobs.SHOPPER)
