"""supervisor: one Python process, told of changes by `supervisorctl update`."""
import os
import shlex
import subprocess
import time

from peer import Peer, write

HEAD = """\
[unix_http_server]
file={0}/socket
[supervisord]
logfile={0}/supervisord.log
pidfile={0}/supervisord.pid
childlogdir={0}
minfds=8192
user=root
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{0}/socket
[include]
files={0}/services/*.conf
"""
PROGRAM = """\
[program:{0}]
command={1}
autorestart=true
startsecs=1
startretries=1000000
redirect_stderr=true
stdout_logfile={2}
stdout_logfile_maxbytes=1MB
stdout_logfile_backups=2000
"""


class Supervisor(Peer):
    name = "supervisor"
    needs = ("supervisord", "supervisorctl")
    install = "apt-get install supervisor"
    pause = 1.0
    additions = 10

    def configure(self, commands, logged=False):
        head = HEAD if os.geteuid() == 0 else HEAD.replace("user=root\n", "")
        write(self.path("supervisord.conf"), head.format(self.directory))
        os.makedirs(self.path("services"))
        os.makedirs(self.path("logs"))
        for name, command in commands.items():
            self._make(name, command, logged)

    def _make(self, name, command, logged=False):
        log = self.path("logs", name) if logged else "NONE"
        write(self.path("services", name + ".conf"), PROGRAM.format(name, shlex.join(command), log))

    def begin(self):
        self.run(["supervisord", "-n", "-c", self.path("supervisord.conf")])

    def ctl(self, *args):
        return ["supervisorctl", "-c", self.path("supervisord.conf"), *args]

    def add(self, name, command):
        self._make(name, command)
        edited = time.monotonic()
        subprocess.run(self.ctl("update"), stdout=subprocess.DEVNULL, check=True)
        return edited

    def remove(self, name):
        os.unlink(self.path("services", name + ".conf"))
        subprocess.run(self.ctl("update"), stdout=subprocess.DEVNULL, check=True)

    def listing(self):
        return self.ctl("status")

    def log_lines(self, name):
        def age(file):
            return -int(file.rpartition(".")[2]) if "." in file else 1

        return self.log_files(*(os.path.join("logs", f) for f in sorted(os.listdir(self.path("logs")), key=age)))
