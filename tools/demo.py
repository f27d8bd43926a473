"""Build the example databases and serve them: `make demo`."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
from pathlib import Path

from tools.server import HOST, configuration


def build(folder: Path) -> list[Path]:
    """Build the example databases in ``folder``, progress shown; gives their paths.

    Raises CalledProcessError when the command fails.
    """
    subprocess.run([sys.executable, "-m", "datasette", "leaks", "demo", str(folder)], check=True)
    return sorted(folder.glob("*.db"))


def check_port(port: int) -> None:
    """Raise SystemExit, with advice, when ``port`` cannot be listened on."""
    with socket.socket() as probe:
        # As the server does: connections that linger from its last run are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            sys.exit(
                f"Port {port} of {HOST} cannot be used ({error}). "
                f"Choose another one: make demo PORT={port + 1 if port < 65535 else 8002}"
            )


def main() -> None:
    """Check the port before the work, build, say where, and become the server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8001)
    options = parser.parse_args()
    check_port(options.port)
    try:
        databases = build(options.folder)
    except subprocess.CalledProcessError as error:
        sys.exit(f"The example databases were not built (exit status {error.returncode}).")
    print(f"\nThe demo is at http://{HOST}:{options.port}/  (Ctrl-C ends it)\n", flush=True)
    command = [sys.executable, "-m", "datasette", "serve", *map(str, databases)]
    command += ["--host", HOST, "--port", str(options.port), *configuration()]
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main()
