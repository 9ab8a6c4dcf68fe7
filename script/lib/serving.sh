# How does a checkout become a running site? Migrate, load, collect, serve, each skipped when nothing changed. It knows nothing
# of what the demo contains. Needs common.sh, and cluster.sh to reset.
# shellcheck shell=bash

LOGS=$LOCAL/log
RUNNING=$LOCAL/demo.running # pid and address of the script/demo that serves

database_id() { printf '%s %s' "$DATABASE_URL" "$(cat "$LOCAL/stamps/cluster" 2>/dev/null || true)" | sha256sum | cut -c1-32; }

running_demo() {
  [[ -f $RUNNING ]] || return 1
  local pid
  read -r pid DEMO_URL <"$RUNNING"
  kill -0 "$pid" 2>/dev/null && grep -qsa script/demo "/proc/$pid/cmdline" && answers "$DEMO_URL"
}

# True when the address answers with anything but a failure of the server's own.
answers() {
  "$VENV/bin/python" - "$1" <<'PY'
import sys, urllib.error, urllib.request
try:
    # as the proxy asks: a site that wants HTTPS would send us to an address without a certificate
    urllib.request.urlopen(urllib.request.Request(sys.argv[1], headers={"X-Forwarded-Proto": "https"}), timeout=20)
except urllib.error.HTTPError as error:
    sys.exit(error.code >= 500)
except OSError:
    sys.exit(1)
PY
}

reset_demo_database() {
  if external_database; then die "--reset only works on the project's own cluster; empty that server's database yourself."; fi
  local name
  name=$("$VENV/bin/python" -c 'import os; from project.environment import database_from_url as d; print(d(os.environ["DATABASE_URL"])["NAME"])')
  step "emptying database $name"
  locate_cluster
  PORT=$PGPORT
  super_psql -d postgres -v name="$name" <<'SQL'
DROP DATABASE IF EXISTS :"name" WITH (FORCE);
CREATE DATABASE :"name" TEMPLATE template_datnghe OWNER datnghe_owner;
SQL
  rm -rf "${MEDIA_ROOT:-$LOCAL/media}" "$LOCAL/stamps/migrated" "$LOCAL/stamps/demo"
}

migrate_database() {
  local wanted
  wanted="$(database_id) $(find project mapping planning layers -path '*/migrations/*' -type f -not -name '*.pyc' -print0 |
    sort -z | xargs -0 cat | sha256sum | cut -c1-32) $(cat "$LOCAL/stamps/python")"
  stamped migrated "$wanted" && return
  step "migrating the database"
  owner_manage migrate --noinput --verbosity 0
  stamp migrated "$wanted"
}

# Publish the law that comes with the house: rules, thresholds, time limits, dossier requirements, figures for villages
# and the fund. What an administrator has corrected stays; loading again changes nothing.
load_catalogues() {
  manage load_catalogue
  manage load_procedure_catalogue
  manage load_register_catalogue
}

# Load the demo province unless this database has it; other boundaries mean another demo.
load_demo() {
  local wanted
  wanted="$(database_id) ${1:+$(hash_of "$1")}"
  if stamped demo "$wanted"; then return; fi
  if [[ -z $1 && -f $LOCAL/stamps/demo && $(<"$LOCAL/stamps/demo") == "$(database_id) "* ]]; then return; fi
  if [[ -n $1 && -f $LOCAL/stamps/demo ]]; then
    reset_demo_database
    migrate_database
  fi
  step "loading the demo province"
  manage load_demo --quiet ${1:+--units "$1"}
  stamp demo "$wanted"
}

collect_static() {
  local wanted
  wanted="$(find mapping/static project/static -type f -printf '%P %s %T@\n' 2>/dev/null | sort | sha256sum | cut -c1-32) $(cat "$LOCAL/stamps/python")"
  stamped static "$wanted" && return
  step "collecting static files"
  manage collectstatic --noinput --verbosity 0
  stamp static "$wanted"
}

announce() {
  cat <<TEXT

  Đất Nghề $2: $1
  Accounts, password «datnghe» for each (the strip «Dùng thử» signs you in by one click):
    hbia.planner · ytham.planner · lan.appraiser · hung.leader · mai.recorder · nam.steward · thu.fund
    binh.confirmer · hdiem.commune · khanh.inspector · admin.it
TEXT
}

# Start web and both workers, wait for one to end or for Ctrl-C, stop all.
serve_demo() {
  local port web worker batches status=0
  port=$(free_port "$1") || die "no free port from $1 on."
  mkdir -p "$LOGS"
  export PUBLIC_ADDRESS=${PUBLIC_ADDRESS:-http://127.0.0.1:$port} # what the codes on the demo's papers lead to
  # sessions of their own: Ctrl-C reaches only this script, which stops them in order (granian waits 30 s after two signals)
  setsid "$ROOT/script/serve" worker >"$LOGS/worker.log" 2>&1 </dev/null &
  worker=$!
  setsid "$ROOT/script/serve" batches >"$LOGS/batches.log" 2>&1 </dev/null &
  batches=$!
  setsid "$ROOT/script/serve" web "$port" >"$LOGS/web.log" 2>&1 </dev/null &
  web=$!
  trap 'stop_demo "$web" "$worker" "$batches"; exit 0' INT TERM HUP
  trap 'stop_demo "$web" "$worker" "$batches"' EXIT
  for _ in {1..60}; do
    if ! { kill -0 "$web" && kill -0 "$worker" && kill -0 "$batches"; } 2>/dev/null; then break; fi
    if answers "http://127.0.0.1:$port/"; then
      echo "$$ http://127.0.0.1:$port/" >"$RUNNING"
      announce "http://127.0.0.1:$port/" "is running"
      echo "  Ctrl-C stops it. Logs: $LOGS"
      break
    fi
    sleep 0.5
  done
  [[ -f $RUNNING ]] || { tail -n 20 "$LOGS"/{web,worker,batches}.log >&2 && die "the demo did not come up; its last words are above."; }
  wait -n "$web" "$worker" "$batches" || status=$?
  tail -n 20 "$LOGS"/{web,worker,batches}.log >&2
  die "web or a worker ended (status $status); the others are being stopped."
}

stop_demo() {
  trap "" INT TERM HUP
  trap - EXIT
  rm -f "$RUNNING"
  kill "$@" 2>/dev/null || true
  wait "$@" 2>/dev/null || true
}
