"""The conformance suite: what every provider has to do, checked against its sandbox. See docs/conformance.md.

`pytest --pyargs checkout_server.conformance --provider mine`. Nothing in here imports pytest: a case is a
function that raises `Broken`, and pytest is only what runs it.
"""
