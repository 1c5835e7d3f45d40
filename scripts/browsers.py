"""Finds the browsers that the tests drive, and installs what is missing: `python scripts/browsers.py`.

Chromium: one that is installed, else the system's package, else Playwright's own. WebKitGTK (`webkit2gtk-driver`,
a virtual screen, and what a program needs to hold a WebView) where a Debian package manager can bring it; elsewhere its
tests are left out, and this says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
WEBKIT = ("WebKitWebDriver", "Xvfb")
# The tests' app with a WebView runs by the system's Python, which is the one that Debian's bindings are for.
WEBVIEW_PYTHON = "/usr/bin/python3"
WEBVIEW_BINDINGS = "import gi; gi.require_version('WebKit2', '4.1')"
WEBKIT_PACKAGES = ("webkit2gtk-driver", "xvfb", "python3-gi", "gir1.2-webkit2-4.1")


def chromium() -> str | None:
    """Path of a Chromium or Chrome of this machine; `CHECKOUT_CHROMIUM` names another one."""
    named = os.environ.get("CHECKOUT_CHROMIUM")
    if named:
        return named
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    return found or next((path for path in MAC_APPS if Path(path).is_file()), None)


def playwright_chromium() -> str | None:
    """Path of the Chromium that Playwright installed for itself, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def webkit() -> bool:
    return all(shutil.which(name) for name in WEBKIT)


def webview() -> bool:
    """Whether a program of ours can hold a WebView of WebKitGTK."""
    known = Path(WEBVIEW_PYTHON).exists()
    return known and _run([WEBVIEW_PYTHON, "-c", WEBVIEW_BINDINGS], quiet=True) == 0


def apt_install(packages: Sequence[str]) -> bool:
    """Installs Debian packages as root, or with a sudo that asks nothing. False where that is not possible."""
    if shutil.which("apt-get") is None:
        return False
    sudo: list[str] = []
    if os.geteuid() != 0:
        if shutil.which("sudo") is None or _run(["sudo", "-n", "true"], quiet=True) != 0:
            return False
        sudo = ["sudo", "-n"]
    install = [*sudo, "apt-get", "install", "-y", "--no-install-recommends", *packages]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return _run([*sudo, "apt-get", "update"], env=env) == 0 and _run(install, env=env) == 0


def _run(command: Sequence[str], *, env: dict[str, str] | None = None, quiet: bool = False) -> int:
    if not quiet:
        print("+", " ".join(command), flush=True)
    out = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, env=env, stdout=out, stderr=out, check=False).returncode


def ensure_chromium() -> str | None:
    found = chromium() or playwright_chromium()
    if found is None and apt_install(["chromium"]):
        found = chromium()
    if found is None and _run([sys.executable, "-m", "playwright", "install", "chromium"]) == 0:
        found = playwright_chromium()
    return found


def ensure_webkit() -> bool:
    if sys.platform != "linux":
        return False
    if not (webkit() and webview()):
        apt_install(WEBKIT_PACKAGES)
    return webkit()


def main() -> int:
    found = ensure_chromium()
    print(f"browsers: Chromium: {found or 'none found, and none could be installed'}")
    if ensure_webkit():
        print(f"browsers: WebKitGTK: {shutil.which(WEBKIT[0])}")
        if not webview():
            print("browsers: its WebView: left out, for gir1.2-webkit2-4.1 could not be installed")
    elif sys.platform == "linux":
        print("browsers: WebKitGTK: left out, for it could not be installed")
    else:
        print("browsers: WebKitGTK: left out, for it exists on Linux only")
    # WebKitGTK is a second opinion; without Chromium there is nothing to test with.
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
