"""`checkout-ui`: everything an operator or a developer starts by hand."""

try:
    from checkout_server.cli.main import app
except ModuleNotFoundError as error:  # installed for the client alone, which has none of these
    if (error.name or "").startswith(("checkout_server", "checkout_ui")):
        raise
    raise SystemExit(f"checkout-ui needs {error.name}: install checkout-ui[server]") from None

__all__ = ["app"]
