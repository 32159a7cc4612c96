"""The least a supervisor in plain Java can do: Floor.java."""
import glob
import os
import subprocess
import time

from peer import HERE, Peer, write


def jdk():
    """The bin directory of a JDK 25, looked for where bin/mlxstackd looks on Linux; None when there is none."""
    for home in (os.environ.get("JAVA_HOME", ""), *glob.glob("/usr/lib/jvm/*25*")):
        try:
            with open(os.path.join(home, "release")) as release:
                if 'JAVA_VERSION="25' in release.read():
                    return os.path.join(home, "bin", "")
        except OSError:
            pass
    return None


class Floor(Peer):
    name = "java-floor"

    @classmethod
    def lacks(cls):
        return "" if jdk() else "no JDK 25 in JAVA_HOME or /usr/lib/jvm"

    def __init__(self, directory, stamps):
        super().__init__(directory, stamps)
        self.bin = jdk()
        self.classes = directory + "-classes"
        self.commands = {}
        self.logged = False
        subprocess.run([self.bin + "javac", "-d", self.classes, os.path.join(HERE, "Floor.java")], check=True)

    def configure(self, commands, logged=False):
        self.commands = dict(commands)
        self.logged = logged
        os.makedirs(self.path("logs"))
        self._save()

    def _save(self):
        write(self.path("services"), "".join(f"{n} {' '.join(c)}\n" for n, c in self.commands.items()))
        return time.monotonic()

    def begin(self):
        options = ["-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", self.classes]
        logs = self.path("logs") if self.logged else "-"
        self.run([self.bin + "java", *options, "Floor", self.path("services"), logs])

    def add(self, name, command):
        self.commands[name] = command
        return self._save()

    def remove(self, name):
        del self.commands[name]
        self._save()

    def log_lines(self, name):
        return self.log_files(*(os.path.join("logs", f) for f in sorted(os.listdir(self.path("logs")))))
