"""Python that runs in the shopper's browser: one source for MicroPython, Pyodide and PyScript."""
