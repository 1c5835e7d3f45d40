"""Runs inside Pyodide: /source.zip, its standard library as source, becomes /compiled.zip, as bytecode.

Parsing the sources was more than half of Pyodide's start. Bytecode carries an "unchecked" header: zipimport
would otherwise compare it with a source file that is not there.
"""

import importlib.util
import marshal
import zipfile

# Without a terminal, processes, a debugger, a test runner or sockets, these cannot do anything in a page.
DROPPED = {
    *("__hello__", "__phello__", "_pyrepl", "antigravity", "bdb", "cProfile", "cmd", "compileall", "curses"),
    *("dbm", "doctest", "ensurepip", "fileinput", "ftplib", "idlelib", "imaplib", "mailbox", "modulefinder"),
    *("multiprocessing", "netrc", "optparse", "pdb", "pickletools", "poplib", "profile", "pstats", "pty"),
    *("py_compile", "pyclbr", "pydoc", "pydoc_data", "rlcompleter", "shelve", "smtplib", "socketserver"),
    *("sqlite3", "symtable", "tabnanny", "test", "this", "tkinter", "trace", "tracemalloc", "tty"),
    *("turtle", "turtledemo", "unittest", "venv", "wave", "webbrowser", "wsgiref", "xmlrpc", "zipapp"),
}
DROPPED_PREFIXES = (
    *("xml/dom/", "xml/sax/", "http/server", "http/cookiejar", "logging/config", "ctypes/macholib/"),
    "pyodide/console",
)

# The rest are national code pages: 250 kB that a page, which is UTF-8, never decodes.
ENCODINGS = {
    *("__init__", "aliases", "ascii", "base64_codec", "charmap", "cp1252", "cp437", "hex_codec", "idna"),
    *("iso8859_1", "iso8859_15", "latin_1", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"),
    *("utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7", "utf_8", "utf_8_sig"),
}

# Pyodide's own core reads its docstrings while it starts.
KEEP_DOCSTRINGS = ("_pyodide/", "pyodide/")

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bytes on every build
UNCHECKED_HASH = b"\x01\0\0\0" + b"\0" * 8


def wanted(name: str) -> bool:
    top = name.split("/")[0].removesuffix(".py")
    if top in DROPPED or name.startswith(DROPPED_PREFIXES):
        return False
    if name.startswith("encodings/") and not name.endswith("/"):
        return name.removeprefix("encodings/").removesuffix(".py") in ENCODINGS
    return True


def bytecode(name: str, source: bytes) -> bytes:
    level = 0 if name.startswith(KEEP_DOCSTRINGS) else 2
    code = compile(source, name, "exec", dont_inherit=True, optimize=level)
    return importlib.util.MAGIC_NUMBER + UNCHECKED_HASH + marshal.dumps(code)


with zipfile.ZipFile("/source.zip") as source, zipfile.ZipFile("/compiled.zip", "w") as target:
    for name in sorted(filter(wanted, source.namelist())):
        data = source.read(name)
        if name.endswith(".py"):
            name, data = name + "c", bytecode(name, data)
        target.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED, compresslevel=9)
