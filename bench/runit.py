"""runit: one runsv a service below runsvdir, which looks every 5 s whether there is a new one."""
import os
import shlex
import shutil
import time

from peer import Peer, write


class Runit(Peer):
    name = "runit"
    needs = ("runsvdir", "runsv", "sv", "svlogd")
    install = "apt-get install runit"
    additions = 2

    def configure(self, commands, logged=False):
        os.makedirs(self.path("services"))
        os.makedirs(self.path("made"))
        for name, command in commands.items():
            self._make(name, command, logged)
            os.rename(self.path("made", name), self.path("services", name))

    def _make(self, name, command, logged=False):
        home = self.path("made", name)
        os.makedirs(home)
        write(os.path.join(home, "run"), f"#!/bin/sh\nexec 2>&1\nexec {shlex.join(command)}\n", 0o700)
        if logged:
            logs = self.path("logs")
            os.makedirs(logs)
            write(os.path.join(logs, "config"), "s1048576\nn2000\n")
            os.makedirs(os.path.join(home, "log"))
            write(os.path.join(home, "log", "run"), f"#!/bin/sh\nexec svlogd {shlex.quote(logs)}\n", 0o700)

    def begin(self):
        self.run(["runsvdir", self.path("services")])

    def add(self, name, command):
        self._make(name, command)
        os.rename(self.path("made", name), self.path("services", name))
        return time.monotonic()

    def remove(self, name):
        shutil.rmtree(self.path("services", name), ignore_errors=True)

    def listing(self):
        return ["sv", "status", *(self.path("services", n) for n in sorted(os.listdir(self.path("services"))))]

    def log_lines(self, name):
        kept = sorted(f for f in os.listdir(self.path("logs")) if f.startswith("@"))
        return self.log_files(*(os.path.join("logs", f) for f in [*kept, "current"]))
