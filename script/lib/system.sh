# What must the machine have? Finds a Python, installs distribution packages when they are missing; it creates no file in
# the checkout. Needs common.sh.
# shellcheck shell=bash

# Print the path of a Python 3.11 to 3.13 that can make virtual environments; fail when there is none.
find_python() {
  local candidate
  for candidate in "${DATNGHE_PYTHON:-}" python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
    if [[ -z $candidate ]] || ! have "$candidate"; then continue; fi
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  return 1
}

# Print the folder with the newest installed PostgreSQL that has PostGIS (or the major version asked for).
find_postgres() {
  local bin major best=
  for bin in /usr/lib/postgresql/*/bin; do
    major=$(basename "$(dirname "$bin")")
    [[ -n ${1:-} && $major != "$1" ]] && continue
    [[ -x $bin/initdb && -e /usr/share/postgresql/$major/extension/postgis.control ]] || continue
    if [[ -z $best || $major -gt $(basename "$(dirname "$best")") ]]; then best=$bin; fi
  done
  [[ -n $best ]] && printf '%s\n' "$best"
}

find_chromium() {
  local name
  for name in "${DATNGHE_CHROMIUM:-}" chromium google-chrome-stable google-chrome; do
    [[ -n $name ]] && have "$name" && command -v "$name" && return
  done
  for name in "$HOME"/.cache/ms-playwright/chromium-*/chrome-linux*/chrome; do
    [[ -x $name ]] && printf '%s\n' "$name" && return
  done
  return 1
}

# True when we may become root without a person answering, or with one at the terminal.
can_sudo() { have sudo && { sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; }; }; }

# Run a line as root (what it says goes to .local/log/packages.log), or print it for the administrator and stop.
as_root() {
  local log=$LOCAL/log/packages.log
  mkdir -p "${log%/*}"
  local -a become=()
  if [[ $(id -u) != 0 ]] && can_sudo; then become=(sudo); fi
  if [[ $(id -u) == 0 || ${become[*]} == sudo ]]; then
    "${become[@]}" bash -c "$1" >"$log" 2>&1 || die "that failed, see $log: $(tail -n 5 "$log")"
  else
    die "packages are missing and this account may not install them. An administrator must run this line, then start again:

    sudo bash -c '${1//\'/\'\\\'\'}'
"
  fi
}

# Install distribution packages. PostgreSQL's packages would start a server of their own; that is switched off first.
install_packages() {
  have apt-get || die "this is not Debian or Ubuntu. Install by hand: $* — or point DATABASE_URL and MIGRATE_DATABASE_URL to a server."
  step "installing $*"
  local quiet_cluster="[ -e /usr/bin/pg_createcluster ] || { mkdir -p /etc/postgresql-common/createcluster.d; echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/datnghe.conf; }"
  local apt="export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && apt-get install -y -qq --no-install-recommends"
  local packages="$*"
  if [[ " $packages " == *" postgis "* ]]; then
    # the distribution's own major version is only known after apt-get update
    packages="${packages/ postgis/} \$(apt-cache depends postgresql | sed -n 's/^ *Depends: postgresql-\\([0-9][0-9]*\\)\$/postgresql-\\1 postgresql-\\1-postgis-3 postgresql-\\1-postgis-3-scripts/p')"
  fi
  as_root "$quiet_cluster; $apt $packages"
}

has_library() { [[ $(/sbin/ldconfig -p) == *"$1 "* ]]; }

# Make sure Python, PostgreSQL with PostGIS (unless the server is elsewhere), gettext, and Pango for PDF are here.
ensure_system() {
  local wanted=()
  find_python >/dev/null || wanted+=(python3 python3-venv)
  have msgfmt && have xgettext || wanted+=(gettext)
  has_library libpangoft2-1.0.so.0 || wanted+=(libpango-1.0-0 libpangoft2-1.0-0)
  has_library libharfbuzz-subset.so.0 || wanted+=(libharfbuzz-subset0)
  external_database || find_postgres >/dev/null || wanted+=(ca-certificates postgis)
  if ((${#wanted[@]})); then install_packages "${wanted[@]}"; fi
  BASE_PYTHON=$(find_python) || die "no Python 3.11 to 3.13 found: set DATNGHE_PYTHON to one."
}

# ogrinfo and ogr2ogr: the second opinion of tests and measurements on files that leave the house.
ensure_ogr() { have ogr2ogr || install_packages gdal-bin; }

# Make sure a Chromium for the browser tests is here, and what Playwright's own program needs; exports DATNGHE_CHROMIUM. An
# administrator who must help is asked once: ogr2ogr and QGIS come along, the second opinions on files that leave the house.
ensure_chromium() {
  local wanted=()
  have ogr2ogr || wanted+=(gdal-bin)
  /usr/bin/python3 -c 'import qgis.core' 2>/dev/null || wanted+=(python3-qgis)
  has_library libatomic.so.1 || wanted+=(libatomic1)
  # Ubuntu's chromium package is a snap, which containers cannot run
  if ! find_chromium >/dev/null && ! grep -qs '^ID=ubuntu' /etc/os-release; then wanted+=(chromium fonts-dejavu-core); fi
  if ((${#wanted[@]})); then install_packages "${wanted[@]}"; fi
  find_chromium >/dev/null || "$VENV/bin/playwright" install --with-deps chromium >&2 || true
  DATNGHE_CHROMIUM=$(find_chromium) || die "no Chromium found and none could be fetched: install one and set DATNGHE_CHROMIUM to it."
  export DATNGHE_CHROMIUM
}
