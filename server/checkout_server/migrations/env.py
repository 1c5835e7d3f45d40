"""Run by Alembic, always on a connection that `checkout_server.migrations` (or a developer's `alembic`) hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

_config = context.config


def _render(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Migrations name the plain types below ours, so that they never depend on today's code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


context.configure(
    connection=_config.attributes["connection"],
    target_metadata=_config.attributes["metadata"],
    render_as_batch=True,
    render_item=_render,
)
context.run_migrations()
