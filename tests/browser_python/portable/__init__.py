"""Tests that run on CPython, MicroPython and Pyodide alike: no pytest here, and only the common subset of Python."""
