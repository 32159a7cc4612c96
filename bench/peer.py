"""What the measures need of a supervisor."""
import os
import shutil
import subprocess
import sys
import time

import procs

HERE = os.path.dirname(os.path.abspath(__file__))


class Peer:
    """A supervisor in a directory of its own. Its services are called <peer>-<number>."""

    name = ""
    #: What has to be on PATH, and how to get it where there are packages.
    needs = ()
    install = ""
    #: Seconds from a death to the next life by the supervisor's own rules; those that wait are asked less often.
    pause = 0.0
    #: Of 20 additions, so many are measured; those that let one wait for seconds are asked less often.
    additions = 20

    def __init__(self, directory, stamps):
        self.directory = directory
        self.stamps = stamps
        self.main = None
        os.makedirs(directory, mode=0o700)

    @classmethod
    def lacks(cls):
        """What is missing, in words; empty when nothing is."""
        lacking = [n for n in cls.needs if shutil.which(n) is None]
        return f"no {', '.join(lacking)} on PATH; {cls.install}" if lacking else ""

    def names(self, count):
        return [f"{self.name}-{i}" for i in range(count)]

    def service(self, name):
        return ["/bin/sh", os.path.join(HERE, "service.sh"), name, self.stamps.path]

    def writer(self, name, lines):
        mark = os.path.join(self.directory, "written")
        return [sys.executable, os.path.join(HERE, "writer.py"), name, self.stamps.path, str(lines), mark]

    def configure(self, commands, logged=False):
        """Writes down what to run ({name: command}); nothing runs yet. Logged: keeps 1 MB files of the output."""
        raise NotImplementedError

    def begin(self):
        """Starts the supervisor. Returns at once."""
        raise NotImplementedError

    def add(self, name, command):
        """Adds to the configuration while it runs, and has it taken up by the supervisor's own means. When the edit
        was finished, which is before any command."""
        raise NotImplementedError

    def remove(self, name):
        """Takes it out again."""
        raise NotImplementedError

    def listing(self):
        """The command that shows the state of all; None when there is none."""
        return None

    def log_lines(self, name):
        """All kept lines of a service, oldest first, as bytes."""
        raise NotImplementedError

    def log_files(self, *parts):
        """The lines of these files one behind the other."""
        text = b""
        for part in parts:
            with open(os.path.join(self.directory, part), "rb") as file:
                text += file.read()
        return text.splitlines(keepends=True)

    def run(self, command, **more):
        """The supervisor itself, in a session of its own."""
        with open(os.path.join(self.directory, "output"), "ab") as out:
            self.main = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, **more
            )

    def pids(self):
        """The supervisor and its helpers, without the services."""
        services = {s.pid for s in self.stamps.living(self.name)}
        return [pid for pid in procs.descendants(self.main.pid) if pid not in services]

    def kill(self, helpers):
        """Without a warning."""
        all_ = self.pids()
        procs.kill(all_ if helpers else all_[:1])
        self.main.wait()

    def end(self):
        """Ends the supervisor and everything it started, and forgets it all."""
        if self.main is not None:
            self.kill(helpers=True)
            self.main = None
        end = time.monotonic() + 10
        while left := procs.about(self.directory) + [s.pid for s in self.stamps.living(self.name)]:
            procs.kill(left)
            if time.monotonic() > end:
                raise RuntimeError(f"{self.name}: these do not die: {left}")
            time.sleep(0.02)
        self.wipe()

    def wipe(self):
        shutil.rmtree(self.directory)
        os.makedirs(self.directory, mode=0o700)

    def path(self, *parts):
        return os.path.join(self.directory, *parts)


def write(path, text, mode=0o600):
    """In place, in one write, as an editor that keeps the file would."""
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)
