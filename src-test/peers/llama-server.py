"""llama.cpp's own HTTP server, started by the flags that llama-server takes and mlxstack uses."""

import argparse
import os
import signal
import sys

parser = argparse.ArgumentParser(prog="llama-server")
parser.add_argument("-m", "--model", required=True)
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=8080)
parser.add_argument("-a", "--alias")
parser.add_argument("-c", "--ctx-size", type=int, default=4096)
parser.add_argument("-np", "--parallel", type=int, default=1)
parser.add_argument("--jinja", action="store_true")
flags = parser.parse_args()

import xllamacpp  # noqa: E402  (its half second is not needed for --help)

params = xllamacpp.CommonParams()
params.model.path = flags.model
params.hostnames = [flags.host]
params.port = flags.port
params.model_alias = {flags.alias or os.path.basename(flags.model)}
params.n_ctx = flags.ctx_size
params.n_parallel = flags.parallel
params.use_jinja = flags.jinja
params.n_gpu_layers = 0
params.cpuparams.n_threads = 1
params.warmup = False
params.endpoint_metrics = True
params.endpoint_slots = True

# Blocked in every thread, so that the main one gets it whatever state the process was in when it came.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
try:
    server = xllamacpp.Server(params)
except RuntimeError as error:
    sys.exit(f"llama-server: {error}")
print("listening on", server.listening_address, flush=True)
signal.sigwait({signal.SIGTERM, signal.SIGINT})
# The server's destructor would wait for streams that are still open.
os._exit(0)
