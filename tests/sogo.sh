#!/usr/bin/env bash
# A real SOGo over the Dovecot and the SMTP sink of tests/roundcube.sh (start that first), on loopback only, for the browser
# tests. Debian 12, no systemd needed.
#
#   sogo.sh [start]   install what is missing, start what is down, print the URL
#   sogo.sh stop      stop the daemons that this script started (by recorded PID)
#   sogo.sh install   only install what is missing
#
# Everything it writes lies under $SG_STATE (target/realmail-sogo), but for SOGo's spool in /var; /etc is left alone. Root is
# needed to install, and to run the daemons as users of their own.
# Ports (on 127.0.0.1): SG_HTTP=8482 SG_WO=20000 SG_PG=5433 SG_MC=11212, and RM_IMAP=1143 RM_SMTP=2525 as in roundcube.sh
# Users: agent and customer, password secret.
set -euo pipefail
STATE=${SG_STATE:-$(cd "$(dirname "$0")/.." && pwd)/target/realmail-sogo}
HTTP=${SG_HTTP:-8482}; WO=${SG_WO:-20000}; PG=${SG_PG:-5433}; MC=${SG_MC:-11212}
IMAP=${RM_IMAP:-1143}; SMTP=${RM_SMTP:-2525}; PASS=secret
PKGS="sogo postgresql memcached nginx-light"

[ "$(id -u)" = 0 ] || {
  echo "The SOGo test needs root, once to install and each time to run. As root: tests/sogo.sh" >&2
  echo "Packages: $PKGS" >&2
  exit 77
}

alive() { [ -s "$STATE/run/$1.pid" ] && kill -0 "$(cat "$STATE/run/$1.pid")" 2>/dev/null; }
port_up() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
wait_port() { for _ in $(seq 150); do port_up "$1" && return 0; sleep 0.1; done; echo "port $1 did not open" >&2; return 1; }
as() { (cd / && setpriv --reuid "$1" --regid "$1" --init-groups "${@:2}"); }

install_pkgs() {
  local missing=() p made_policy=
  for p in $PKGS; do dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q '^install ok installed' || missing+=("$p"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "installing: ${missing[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  # Keep the packages' own services from starting.
  if [ ! -e /usr/sbin/policy-rc.d ]; then printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; made_policy=1; fi
  apt-get update -qq >&2 || true # an old list may still do
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$STATE/apt.log" 2>&1 || { tail -20 "$STATE/apt.log" >&2; exit 1; }
  [ -z "$made_policy" ] || rm -f /usr/sbin/policy-rc.d
}

launch() { # name user command...  -> own session, PID recorded
  local name=$1 user=$2; shift 2
  setsid setpriv --reuid "$user" --regid "$user" --init-groups "$@" >"$STATE/log/$name.log" 2>&1 </dev/null &
  echo $! >"$STATE/run/$name.pid"
}

database() {
  local bin
  bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
  if [ ! -s "$STATE/pg/PG_VERSION" ]; then
    install -d -o postgres -g postgres -m 700 "$STATE/pg"
    as postgres "$bin/initdb" -D "$STATE/pg" -A trust -E UTF8 --no-sync >"$STATE/log/initdb.log"
  fi
  alive pg || launch pg postgres "$bin/postgres" -D "$STATE/pg" -c listen_addresses=127.0.0.1 -c port="$PG" -c unix_socket_directories= -c fsync=off
  for _ in $(seq 100); do as postgres "$bin/pg_isready" -q -h 127.0.0.1 -p "$PG" && break; sleep 0.1; done
  sql() { as postgres psql -q -h 127.0.0.1 -p "$PG" -d "$1" -tAc "$2"; }
  [ "$(sql postgres "select 1 from pg_database where datname = 'sogo'")" = 1 ] && return 0
  sql postgres "create role sogo login password 'sogo'"
  sql postgres "create database sogo owner sogo"
  sql sogo "create table sogo_users (c_uid text primary key, c_name text, c_password text, c_cn text, mail text);
    insert into sogo_users values ('agent', 'agent', '$PASS', 'Dana Support', 'agent@example.test'),
      ('customer', 'customer', '$PASS', 'Gary Stone', 'customer@example.test');
    grant all on sogo_users to sogo"
}

start() {
  mkdir -p "$STATE"/{run,log}; chmod 755 "$STATE" "$STATE"/run
  install_pkgs
  port_up "$IMAP" || { echo "start tests/roundcube.sh first: IMAP port $IMAP is down" >&2; exit 1; }
  database
  alive memcached || launch memcached root memcached -u nobody -l 127.0.0.1 -p "$MC" -U 0
  local D="postgresql://sogo:sogo@127.0.0.1:$PG/sogo"
  install -d -o sogo -g sogo /run/sogo /var/spool/sogo
  # What stands on its command line goes before what stands in /etc.
  alive sogod || launch sogod sogo env LD_PRELOAD= HOME="$STATE" /usr/sbin/sogod -WOPort "127.0.0.1:$WO" -WOWorkersCount 3 \
    -WOPidFile /run/sogo/sogo.pid -WOLogFile - -WONoDetach YES -SOGoMemcachedHost "127.0.0.1:$MC" \
    -SOGoProfileURL "$D/sogo_user_profile" -OCSFolderInfoURL "$D/sogo_folder_info" -OCSSessionsFolderURL "$D/sogo_sessions_folder" \
    -OCSEMailAlarmsFolderURL "$D/sogo_alarms_folder" \
    -SOGoUserSources "({ type = sql; id = directory; displayName = Users; viewURL = \"$D/sogo_users\"; canAuthenticate = YES; isAddressBook = YES; userPasswordAlgorithm = plain; MailFieldNames = (mail); IMAPLoginFieldName = mail; })" \
    -SOGoIMAPServer "imap://127.0.0.1:$IMAP/?tls=NO" -SOGoMailingMechanism smtp -SOGoSMTPServer "smtp://127.0.0.1:$SMTP" \
    -SOGoForceExternalLoginWithEmail YES -SOGoMailDomain example.test -SOGoLanguage English -SOGoTimeZone UTC \
    -SOGoLoginModule Mail -SOGoMailComposeMessageType html -SOGoMailReplyPlacement above -SOGoVacationEnabled NO
  cat >"$STATE/nginx.conf" <<CONF
user www-data; worker_processes 1; daemon off; pid $STATE/run/nginx-own.pid; error_log $STATE/log/nginx-error.log;
events { worker_connections 128; }
http {
  include /etc/nginx/mime.types; access_log off;
  proxy_temp_path $STATE/nginx-p; client_body_temp_path $STATE/nginx-b; fastcgi_temp_path $STATE/nginx-f; uwsgi_temp_path $STATE/nginx-u; scgi_temp_path $STATE/nginx-s;
  server {
    listen 127.0.0.1:$HTTP;
    location = / { return 302 /SOGo/; }
    location /SOGo.woa/WebServerResources/ { alias /usr/lib/GNUstep/SOGo/WebServerResources/; }
    location /SOGo/WebServerResources/ { alias /usr/lib/GNUstep/SOGo/WebServerResources/; }
    location /SOGo {
      proxy_pass http://127.0.0.1:$WO; proxy_read_timeout 60; client_max_body_size 32m;
      # Its login comes with a long cookie.
      proxy_buffer_size 64k; proxy_buffers 8 64k; proxy_busy_buffers_size 64k;
      # The browser's side speaks TLS, in the test's own server.
      proxy_set_header Host \$http_host; proxy_set_header x-webobjects-server-protocol HTTP/1.0;
      proxy_set_header x-webobjects-remote-host 127.0.0.1; proxy_set_header x-webobjects-server-name \$host;
      proxy_set_header x-webobjects-server-url https://\$host; proxy_set_header x-webobjects-server-port 443;
    }
  }
}
CONF
  alive nginx || launch nginx root nginx -c "$STATE/nginx.conf"
  wait_port "$WO"; wait_port "$HTTP"
  echo "http://127.0.0.1:$HTTP/SOGo/   login: agent / $PASS"
}

stop() {
  local n pid
  for n in nginx sogod memcached pg; do
    alive $n || { rm -f "$STATE/run/$n.pid"; continue; }
    pid=$(cat "$STATE/run/$n.pid")
    case $n in pg) kill -INT "$pid" ;; sogod) kill -- "-$pid" 2>/dev/null || kill "$pid" ;; *) kill "$pid" ;; esac
    for _ in $(seq 80); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    rm -f "$STATE/run/$n.pid"
  done
}

case ${1:-start} in
  start) start ;;
  stop) stop ;;
  install) mkdir -p "$STATE"; install_pkgs ;;
  *) sed -n '2,14p' "$0"; exit 2 ;;
esac
