#!/bin/sh
# Installs the real programs that integration tests drive, at pinned versions, outside the source tree:
#
#   install.sh [llama-server] [mlx-lm] [litellm] [sdks-python] [sdks-node] [frameworks]      all of these when none is named
#              [agents] [hermes] [aider] [crewai] [coding-tools]                             only when named
#
# Model servers: llama-server, mlx-lm. Another gateway: LiteLLM (640 MB on disk). Clients: the OpenAI and Anthropic SDKs for Python and for Node.js;
# LangChain, LangGraph and Pydantic AI. For .ci/peers only, some 3 GB on disk: Claude Code, Codex and opencode (agents), Hermes, aider,
# CrewAI, and Continue, Qwen Code and Cline (coding-tools).
#
# They go to $MLXSTACK_PEERS, by default ${XDG_CACHE_HOME:-$HOME/.cache}/mlxstack-peers; what is there already in the
# wanted version is left alone, in a moment. The last line printed is the folder to put on PATH. Needs python3 with
# venv, for sdks-node and agents node (20 or later) and npm; on Linux mlx-lm also needs g++ when it runs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
peers=${MLXSTACK_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/mlxstack-peers}
mkdir -p "$peers/bin"
[ $# -gt 0 ] || set -- llama-server mlx-lm litellm sdks-python sdks-node frameworks

# Two builds at once wait for each other.
if command -v flock >/dev/null 2>&1; then
  exec 9>"$peers/.lock"
  flock 9
fi

# A program that starts another one: launcher NAME COMMAND ARGUMENT...
launcher() {
  name=$1
  shift
  printf '#!/bin/sh\nexec' >"$peers/bin/$name"
  printf ' "%s"' "$@" >>"$peers/bin/$name"
  printf ' "$@"\n' >>"$peers/bin/$name"
  chmod +x "$peers/bin/$name"
}

with_pip() {
  python3 -m venv "$peers/$1"
  "$peers/$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-input -r "$here/$1.txt" >&2
}

# Many packages take pip minutes; and nobody waits for them to be compiled at the first start.
with_uv() {
  python3 -m venv "$peers/$1"
  "$peers/$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-input uv==0.13.9 >&2
  "$peers/$1/bin/uv" pip install --quiet --compile-bytecode --no-deps --python "$peers/$1/bin/python" -r "$here/$1.txt" >&2
}

with_npm() {
  command -v npm >/dev/null 2>&1 || {
    echo "install.sh: $1 needs node (20 or later) and npm; found no npm on PATH" >&2
    exit 1
  }
  mkdir -p "$peers/$1"
  cp "$here/$1.package.json" "$peers/$1/package.json"
  how=install
  if [ -f "$here/$1.package-lock.json" ]; then
    how=ci # which checks every archive against the lock file's hash
    cp "$here/$1.package-lock.json" "$peers/$1/package-lock.json"
  fi
  (cd "$peers/$1" && npm "$how" --no-audit --no-fund --loglevel=error >&2)
}

for peer in "$@"; do
  case $peer in llama-server | mlx-lm | litellm | sdks-python | sdks-node | frameworks | agents | hermes | aider | crewai | coding-tools) ;; *)
    echo "install.sh: no peer \"$peer\"; its first lines list them" >&2
    exit 2
    ;;
  esac
  wanted=$(cat "$here/$peer".* | cksum)
  [ "$(cat "$peers/$peer/installed" 2>/dev/null)" != "$wanted" ] || continue
  echo "installing $peer into $peers" >&2
  rm -rf "${peers:?}/$peer"
  case $peer in
    llama-server)
      with_pip "$peer"
      cp "$here/llama-server.py" "$peers/$peer/"
      launcher llama-server "$peers/$peer/bin/python" "$peers/$peer/llama-server.py"
      ;;
    mlx-lm)
      with_pip "$peer"
      ln -sf "$peers/$peer/bin/mlx_lm.server" "$peers/bin/mlx_lm.server"
      ;;
    litellm)
      with_uv "$peer"
      ln -sf "$peers/$peer/bin/litellm" "$peers/bin/litellm"
      ;;
    sdks-python)
      with_pip "$peer"
      launcher sdks-python "$peers/$peer/bin/python"
      ;;
    frameworks | hermes | aider | crewai)
      with_uv "$peer"
      ;;
    sdks-node | coding-tools)
      with_npm "$peer"
      ;;
    agents)
      with_npm "$peer"
      for agent in claude codex opencode; do
        ln -sf "$peers/$peer/node_modules/.bin/$agent" "$peers/bin/$agent"
      done
      ;;
  esac
  echo "$wanted" >"$peers/$peer/installed"
done
echo "$peers/bin"
