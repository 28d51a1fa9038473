# Sourced by the other scripts: finds Python, and lets set_up.py bring the rest. After it, $root is this folder and
# $python the Python in .venv. What it says goes to stderr, so that a script's own output can be piped.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
python="$root/.venv/bin/python"

find_python() {
  local name
  for name in "$python" python3.11 python3.12 python3.13 python3.14 python3 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  echo "Turnout needs Python 3.11 or newer, and none is on the PATH. Install it, then run this again." >&2
  return 1
}

# set_up [tests] [pages] [database]: packages always; those for tests, the pages' styles and scripts, PostgreSQL.
set_up() {
  local found
  found="$(find_python)" && "$found" -P "$root/script/set_up.py" "$@" || exit 1
}
