#!/bin/sh
# Installs the real model servers that integration tests drive, at pinned versions, outside the source tree:
#
#   install.sh [llama-server] [mlx-lm]      both when none is named
#
# They go to $MLXSTACK_PEERS, by default ${XDG_CACHE_HOME:-$HOME/.cache}/mlxstack-peers; what is there already in the
# wanted version is left alone, in a moment. The last line printed is the folder to put on PATH. Needs python3 with
# venv; on Linux mlx-lm also needs g++ when it runs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
peers=${MLXSTACK_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/mlxstack-peers}
mkdir -p "$peers/bin"
[ $# -gt 0 ] || set -- llama-server mlx-lm

# Two builds at once wait for each other.
if command -v flock >/dev/null 2>&1; then
  exec 9>"$peers/.lock"
  flock 9
fi

for peer in "$@"; do
  case $peer in llama-server | mlx-lm) ;; *)
    echo "install.sh: no peer \"$peer\"; expected llama-server or mlx-lm" >&2
    exit 2
    ;;
  esac
  wanted=$(cat "$here/$peer".* | cksum)
  [ "$(cat "$peers/$peer/installed" 2>/dev/null)" != "$wanted" ] || continue
  echo "installing $peer into $peers" >&2
  rm -rf "${peers:?}/$peer"
  python3 -m venv "$peers/$peer"
  "$peers/$peer/bin/python" -m pip install --quiet --disable-pip-version-check --no-input -r "$here/$peer.txt" >&2
  if [ "$peer" = llama-server ]; then
    cp "$here/llama-server.py" "$peers/$peer/"
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$peers/$peer/bin/python" "$peers/$peer/llama-server.py" >"$peers/bin/llama-server"
    chmod +x "$peers/bin/llama-server"
  else
    ln -sf "$peers/$peer/bin/mlx_lm.server" "$peers/bin/mlx_lm.server"
  fi
  echo "$wanted" >"$peers/$peer/installed"
done
echo "$peers/bin"
