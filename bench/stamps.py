"""What the services say when they start: a fifo, read by one thread that notes the time of arrival."""
import collections
import os
import threading
import time

from procs import birth

Stamp = collections.namedtuple("Stamp", "name pid birth at")


class Stamps:
    """Stamps by name, in order of arrival. Times are time.monotonic() in seconds."""

    def __init__(self, path):
        self.path = path
        os.mkfifo(path, 0o600)
        self._fifo = os.open(path, os.O_RDWR)
        self._all = collections.defaultdict(list)
        self._news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        rest = b""
        while True:
            rest += os.read(self._fifo, 65536)
            at = time.monotonic()
            *lines, rest = rest.split(b"\n")
            with self._news:
                for line in lines:
                    name, pid = line.decode().split()
                    self._all[name].append(Stamp(name, int(pid), birth(int(pid)), at))
                self._news.notify_all()

    def wait(self, name, after=0.0, timeout=60.0):
        """The first stamp of the name later than the given time; None when there is none in time."""
        with self._news:
            return self._news.wait_for(lambda: next((s for s in self._all[name] if s.at > after), None), timeout) or None

    def wait_all(self, names, after=0.0, timeout=120.0):
        """When the last of the names had its first stamp after the given time; None when one is missing."""
        end = time.monotonic() + timeout
        last = after
        for name in names:
            stamp = self.wait(name, after, max(0.0, end - time.monotonic()))
            if stamp is None:
                return None
            last = max(last, stamp.at)
        return last

    def last(self, name):
        """The latest stamp of the name."""
        with self._news:
            return self._all[name][-1]

    def living(self, prefix=""):
        """Stamps whose process still is the one that made them."""
        with self._news:
            known = [s for name, all_ in self._all.items() if name.startswith(prefix) for s in all_]
        return [s for s in known if s.birth is not None and birth(s.pid) == s.birth]
