"""The demo: a small store that sells through the checkout, and what the checkout is told about its sandboxes."""
