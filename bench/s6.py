"""s6: one s6-supervise a service below s6-svscan. Services say that they are ready, as s6 waits a second otherwise."""
import os
import shlex
import shutil
import subprocess
import time

from peer import Peer, write


class S6(Peer):
    name = "s6"
    needs = ("s6-svscan", "s6-svscanctl", "s6-svstat", "s6-log")
    install = "apt-get install s6"

    def configure(self, commands, logged=False):
        os.makedirs(self.path("services"))
        os.makedirs(self.path("made"))
        for name, command in commands.items():
            self._make(name, command, logged)
            os.rename(self.path("made", name), self.path("services", name))

    def _make(self, name, command, logged=False):
        home = self.path("made", name)
        os.makedirs(home)
        write(os.path.join(home, "notification-fd"), "3\n")
        write(os.path.join(home, "run"), f"#!/bin/sh\necho >&3\nexec 3>&- 2>&1 {shlex.join(command)}\n", 0o700)
        if logged:
            os.makedirs(self.path("logs"))
            os.makedirs(os.path.join(home, "log"))
            log = f"#!/bin/sh\nexec s6-log n2000 s1048576 {shlex.quote(self.path('logs'))}\n"
            write(os.path.join(home, "log", "run"), log, 0o700)

    def begin(self):
        self.run(["s6-svscan", "-c", "2500", self.path("services")])

    def _scan(self, how):
        subprocess.run(["s6-svscanctl", how, self.path("services")], check=True)

    def add(self, name, command):
        self._make(name, command)
        os.rename(self.path("made", name), self.path("services", name))
        edited = time.monotonic()
        self._scan("-a")
        return edited

    def remove(self, name):
        shutil.move(self.path("services", name), self.path("made", name + "-gone"))
        self._scan("-an")

    def listing(self):
        loop = 'for each in "$0"/*; do s6-svstat "$each"; done'
        return ["/bin/sh", "-c", loop, self.path("services")]

    def log_lines(self, name):
        kept = sorted(f for f in os.listdir(self.path("logs")) if f.startswith("@"))
        return self.log_files(*(os.path.join("logs", f) for f in [*kept, "current"]))
