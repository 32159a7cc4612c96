"""mlxstackd, as `mlxstackctl up` runs it: with its cache of classes, in a home of its own."""
import json
import os
import shutil
import socket
import subprocess
import time

from peer import HERE, Peer, write

BIN = os.path.join(os.path.dirname(HERE), "bin")
HEAD = """\
apiVersion: mlxstack.dev/v1
kind: Stack
metadata: {name: bench}
spec:
  defaults:
    restart: {backoff: {initial: 10ms, max: 10ms, jitter: 0}}
    flapping: {restarts: 0}
    terminationGracePeriod: 1s
    logs: {maxSize: 1Mi, maxFiles: 1000}
  gateway: {engine: none}
  processes:
"""


class Mlxstack(Peer):
    name = "mlxstack"
    needs = ("curl",)
    install = "curl"

    def __init__(self, directory, stamps):
        super().__init__(directory, stamps)
        self.env = dict(os.environ, MLXSTACK_HOME=directory)
        self.commands = {}
        done = subprocess.run(
            [os.path.join(BIN, "mlxstackd"), "--prepare"], env=self.env, stdout=subprocess.PIPE, text=True, check=True
        )
        self.lib = done.stdout.strip()

    def configure(self, commands, logged=False):
        self.commands = dict(commands)
        self._save()

    def _save(self):
        lines = (f"    - {{name: {name}, command: {json.dumps(c)}}}\n" for name, c in self.commands.items())
        write(self.path("stack.yaml"), HEAD + "".join(lines))
        return time.monotonic()

    def begin(self):
        self.run([os.path.join(self.lib, "mlxstackd")], env=self.env)

    def add(self, name, command):
        self.commands[name] = command
        return self._save()

    def remove(self, name):
        del self.commands[name]
        self._save()

    def ctl(self, *args):
        return [os.path.join(self.lib, "mlxstackctl"), *args]

    def listing(self):
        return self.ctl("get")

    def log_lines(self, name):
        done = subprocess.run(self.ctl("logs", name), env=self.env, stdout=subprocess.PIPE, check=True)
        return done.stdout.splitlines(keepends=True)

    def answers(self, timeout=30.0):
        """Waits for an answer on the control socket. When it came."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            with socket.socket(socket.AF_UNIX) as s:
                try:
                    s.connect(self.path("mlxstackd.sock"))
                    s.sendall(b"GET /readyz HTTP/1.1\r\nHost: mlxstack\r\nConnection: close\r\n\r\n")
                    if s.recv(64).startswith(b"HTTP/1.1 200"):
                        return time.monotonic()
                except OSError:
                    pass
            time.sleep(0.001)
        raise RuntimeError("mlxstackd does not answer; see " + self.path("output"))

    def wipe(self):
        for entry in os.scandir(self.directory):
            if entry.name != "lib":
                shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)
