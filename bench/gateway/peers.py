"""The gateways that are measured, each in front of the same upstream, which serves the model `m`. For one measure each knows
as well models `f0`, `f1` … whose first backend takes no connection, and whose second is the upstream."""
import os
import shutil
import socket
import subprocess
import time
import urllib.request

import procs

HERE = os.path.dirname(os.path.abspath(__file__))
BIN = os.path.join(os.path.dirname(os.path.dirname(HERE)), "bin")
#: Models with a dead backend: asked three times each, for a backend that fails more often is left alone.
DEAD = 20
#: All clients send it; LiteLLM insists on one.
KEY = "sk-bench-0123456789abcdef"


def java(program):
    home = os.environ.get("JAVA_HOME")
    return os.path.join(home, "bin", program) if home else program


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def await_answer(port, path, seconds):
    """Seconds until it answers."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                answer.read()
                return time.monotonic() - began
        except OSError:
            time.sleep(0.002)
    raise RuntimeError(f"nobody answers {path} on port {port}")


class Direct:
    """No gateway."""

    name = "direct"

    def __init__(self, port):
        self.port = port

    def pids(self):
        return []

    def target(self):
        return f"{self.name}={self.port}"


class Gateway(Direct):
    #: Whether a route can be added while it runs.
    reloads = True
    #: How often it is started, for the time that takes.
    starts = 5
    #: It gets such a part of the requests that are made one after the other.
    share = 1.0

    def __init__(self, directory, upstream, classes):
        super().__init__(free_port())
        self.directory = directory
        self.upstream = upstream
        self.classes = classes
        self.process = None
        os.makedirs(directory, mode=0o700)

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text):
        with open(self.path(name) + ".new", "w") as file:
            file.write(text)
        os.replace(self.path(name) + ".new", self.path(name))

    def run(self, command, **more):
        with open(self.path("output"), "ab") as out:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, **more)

    def pids(self):
        return procs.descendants(self.process.pid)

    def target(self):
        return f"{self.name}={self.port},{self.share}"

    def dead(self):
        """The models whose first backend is dead; they are there from now on."""
        return f"{self.name}-dead={self.port}/f*{DEAD},{self.share}"

    def start_again(self, number):
        """A second one beside the first. Seconds until it answers."""
        other = type(self)(self.path(f"again-{number}"), self.upstream, self.classes)
        began = time.monotonic()
        other.begin()
        took = time.monotonic() - began
        other.end()
        return took

    def end(self):
        if self.process:
            self.process.terminate()
            self.process.wait()


class Nginx(Gateway):
    """The floor: it knows no models. Dead backends are behind a port of their own."""

    name = "nginx"

    @classmethod
    def lacks(cls):
        return "" if shutil.which("nginx") else "not on PATH; apt-get install nginx-light"

    def begin(self):
        self.second = free_port()
        self.configure("")
        self.process = self.run(["nginx", "-c", self.path("nginx.conf"), "-p", self.directory])
        await_answer(self.port, "/up", 10)

    def configure(self, more):
        self.write("nginx.conf", f"""\
daemon off; worker_processes 2; pid {self.path("pid")}; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_max_body_size 64m; client_body_buffer_size 1m; keepalive_requests 100000000;
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
  proxy_next_upstream error timeout non_idempotent;
  upstream up {{ server 127.0.0.1:{self.upstream}; keepalive 64; keepalive_requests 100000000; }}
  upstream half {{ server 127.0.0.1:{free_port()} max_fails=0; server 127.0.0.1:{self.upstream} backup; keepalive 64; }}
  server {{
    listen 127.0.0.1:{self.port};
    location = /up {{ return 200; }}
    {more}
    location / {{ proxy_pass http://up; }}
  }}
  server {{ listen 127.0.0.1:{self.second}; location / {{ proxy_pass http://half; }} }}
}}
""")

    def dead(self):
        return f"{self.name}-dead={self.second},{self.share}"

    def reload(self):
        name = f"/r{time.monotonic_ns()}"
        self.configure(f"location = {name} {{ return 200; }}")
        began = time.monotonic()
        self.process.send_signal(1)
        await_answer(self.port, name, 10)
        return (time.monotonic() - began) * 1e3


class Mlxstack(Gateway):
    """As `mlxstackctl up` runs it; the upstream is its endpoint."""

    name = "mlxstack"

    @classmethod
    def lacks(cls):
        return ""

    def begin(self):
        self.env = dict(os.environ, MLXSTACK_HOME=self.directory)
        done = subprocess.run([os.path.join(BIN, "mlxstackd"), "--prepare"], env=self.env, stdout=subprocess.PIPE,
                              text=True, check=True)
        self.lib = done.stdout.strip()
        self.dead_port = free_port()
        self.configure()
        self.process = self.run([os.path.join(self.lib, "mlxstackd")], env=self.env)
        await_answer(self.port, "/health", 30)
        await_answer(self.upstream, "/", 30)
        self.ctl("wait", "--for=condition=Ready", "m", "gateway", "--timeout=60s")

    def ctl(self, *words):
        return subprocess.run([os.path.join(self.lib, "mlxstackctl"), *words], env=self.env, stdout=subprocess.PIPE,
                              text=True, check=True).stdout

    def configure(self, routes="", providers=""):
        command = [java("java"), "-Xmx256m", "-XX:+UseSerialGC", "-cp", self.classes, "Upstream", str(self.upstream)]
        self.write("stack.yaml", f"""\
apiVersion: mlxstack.dev/v1
kind: Stack
metadata: {{name: bench}}
spec:
  endpoints:
    - {{name: m, engine: command, port: {self.upstream}, command: {command!r}}}
  providers: [{providers}]
  gateway:
    listen: 127.0.0.1:{self.port}
    routes: [{routes}]
""")

    def dead(self):
        """Until the next :meth:`reload`."""
        providers = (f'{{name: dead{i}, type: openai, baseUrl: "http://127.0.0.1:{self.dead_port}/v1", models: [{{name: d{i}, model: m}}]}}'
                     for i in range(DEAD))
        routes = (f"{{name: f{i}, match: {{model: f{i}}}, backends: [{{provider: dead{i}, model: d{i}}}, {{endpoint: m}}]}}"
                  for i in range(DEAD))
        self.configure(", ".join(routes), ", ".join(providers))
        await_answer(self.port, "/v1/models/f0", 10)
        return super().dead()

    def pids(self):
        return [int(self.ctl("get", "process", "gateway", "-o", "jsonpath={.status.pid}"))]

    def start_again(self, number):
        """The same command line as the daemon's, with a port of its own."""
        pid = self.pids()[0]
        with open(f"/proc/{pid}/cmdline", "rb") as line, open(f"/proc/{pid}/environ", "rb") as environ:
            command = line.read().decode().rstrip("\0").split("\0")
            env = dict(each.split("=", 1) for each in environ.read().decode().rstrip("\0").split("\0"))
        directory, port = self.path(f"again-{number}"), free_port()
        os.makedirs(directory)
        for name in os.listdir(self.directory):
            if name.startswith("gateway.") and name.endswith("json"):
                with open(self.path(name)) as from_, open(os.path.join(directory, name), "w") as to:
                    to.write(from_.read().replace(f":{self.port}", f":{port}").replace(str(self.port), str(port)))
        command = [word.replace(self.path("gateway.json"), os.path.join(directory, "gateway.json")) for word in command]
        began = time.monotonic()
        process = self.run(command, env=env)
        await_answer(port, "/v1/models/m", 30)
        took = time.monotonic() - began
        process.terminate()
        process.wait()
        return took

    def reload(self):
        name = f"r{time.monotonic_ns()}"
        self.configure(f"{{name: {name}, match: {{model: {name}}}, backends: [{{endpoint: m}}]}}")
        began = time.monotonic()
        await_answer(self.port, f"/v1/models/{name}", 10)
        return (time.monotonic() - began) * 1e3

    def end(self):
        if self.process:
            subprocess.run([os.path.join(self.lib, "mlxstackctl"), "down"], env=self.env, stdout=subprocess.DEVNULL)
            super().end()


class Litellm(Gateway):
    name = "litellm"
    reloads = False
    starts = 2
    share = 0.05

    @classmethod
    def program(cls):
        cache = os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache"))
        peers = os.environ.get("MLXSTACK_PEERS", os.path.join(cache, "mlxstack-peers"))
        return os.path.join(peers, "litellm", "bin", "litellm")

    @classmethod
    def lacks(cls):
        return "" if os.access(cls.program(), os.X_OK) else "not installed; src-test/peers/install.sh litellm"

    def begin(self):
        model = lambda name, port: (
            f'  - {{model_name: {name}, litellm_params: {{model: hosted_vllm/m, api_base: "http://127.0.0.1:{port}/v1"}}}}\n')
        dead = free_port()
        falls = ", ".join(f"{{f{i}: [m]}}" for i in range(DEAD))
        self.write("litellm.yaml", "model_list:\n" + model("m", self.upstream)
                   + "".join(model(f"f{i}", dead) for i in range(DEAD)) + f"""\
general_settings: {{master_key: {KEY}, cancel_on_disconnect: true}}
router_settings: {{num_retries: 0, disable_cooldowns: true, fallbacks: [{falls}]}}
""")
        env = dict(os.environ, LITELLM_LOCAL_MODEL_COST_MAP="True", LITELLM_LOG="ERROR", LITELLM_TELEMETRY="False")
        self.process = self.run(
            [self.program(), "--config", self.path("litellm.yaml"), "--host", "127.0.0.1", "--port", str(self.port)], env=env)
        await_answer(self.port, "/health/readiness", 180)
