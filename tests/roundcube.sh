#!/usr/bin/env bash
# A real Roundcube with Dovecot and an SMTP sink, on loopback only, for the browser tests. Debian 12, no systemd needed.
#
#   roundcube.sh [start]   install what is missing, start what is down, seed, print URLs
#   roundcube.sh stop      stop the daemons that this script started (by recorded PID)
#   roundcube.sh status    what runs
#   roundcube.sh reset     stop, wipe the state (mail, database, sink), start afresh
#   roundcube.sh install   only install what is missing
#
# Everything it writes lies under $RM_STATE (target/realmail); /etc is left alone. Installing packages needs root, and so
# does running: Dovecot and PHP drop to users of their own. Without root it says so and changes nothing.
# Ports (on 127.0.0.1): RM_HTTP=8480 RM_HTTP_PLAIN=8481 RM_IMAP=1143 RM_SMTP=2525
# Two web ports, one mailbox: RM_HTTP composes in HTML (TinyMCE), RM_HTTP_PLAIN in a textarea.
# Users: agent@example.test and customer@example.test, password secret.
set -euo pipefail
STATE=${RM_STATE:-$(cd "$(dirname "$0")/.." && pwd)/target/realmail}
HTTP=${RM_HTTP:-8480}; HTTP_PLAIN=${RM_HTTP_PLAIN:-8481}
IMAP=${RM_IMAP:-1143}; SMTP=${RM_SMTP:-2525}; PASS=secret
RC=/usr/share/roundcube; WEB=/var/lib/roundcube/public_html
PKGS="roundcube-core roundcube-sqlite3 dovecot-imapd php8.2-cgi php8.2-cli php8.2-sqlite3 python3-aiosmtpd"
PY=/usr/bin/python3

[ "$(id -u)" = 0 ] || {
  echo "The Roundcube tests need root, once to install and each time to run. As root: tests/roundcube.sh" >&2
  echo "Packages: $PKGS" >&2
  exit 77
}

alive() { [ -s "$STATE/run/$1.pid" ] && kill -0 "$(cat "$STATE/run/$1.pid")" 2>/dev/null; }
port_up() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
wait_port() { for _ in $(seq 100); do port_up "$1" && return 0; sleep 0.1; done; echo "port $1 did not open" >&2; return 1; }

install_pkgs() {
  local missing=() p
  for p in $PKGS; do dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q '^install ok installed' || missing+=("$p"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "installing: ${missing[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  # Keep the packages' own services from starting on public addresses while they install.
  local made_policy=
  if [ ! -e /usr/sbin/policy-rc.d ]; then printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; made_policy=1; fi
  apt-get update -qq >&2 || true # an old list may still do
  echo "roundcube-core roundcube/dbconfig-install boolean false" | debconf-set-selections
  # php8.2-cgi is named so that no Apache is pulled in; the built-in php server is what serves.
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$STATE/apt.log" 2>&1 || { tail -20 "$STATE/apt.log" >&2; exit 1; }
  [ -z "$made_policy" ] || rm -f /usr/sbin/policy-rc.d
}

write_config() {
  mkdir -p "$STATE"/{run,log,mail,sink,dovecot,rc-html,rc-plain,rc-data,rc-data/temp,rc-data/logs}
  chmod 755 "$STATE" "$STATE"/{run,rc-html,rc-plain}
  chown -R mail:mail "$STATE/mail"
  chown -R www-data:www-data "$STATE/rc-data"

  printf '%s:{PLAIN}%s\n' agent@example.test "$PASS" customer@example.test "$PASS" >"$STATE/dovecot/users"
  chown root:dovecot "$STATE/dovecot/users"; chmod 640 "$STATE/dovecot/users"
  cat >"$STATE/dovecot/dovecot.conf" <<CONF
protocols = imap
listen = 127.0.0.1
base_dir = $STATE/dovecot/run
log_path = $STATE/log/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u $STATE/dovecot/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=$STATE/mail/%u
}
namespace inbox {
  inbox = yes
  mailbox Drafts { 
    auto = subscribe
    special_use = \\Drafts 
  }
  mailbox Sent { 
    auto = subscribe
    special_use = \\Sent 
  }
  mailbox Trash { 
    auto = subscribe
    special_use = \\Trash 
  }
  mailbox Junk { 
    auto = subscribe
    special_use = \\Junk 
  }
}
service imap-login {
  inet_listener imap {
    port = $IMAP
  }
  inet_listener imaps {
    port = 0
  }
}
service imap {
  process_limit = 64
}
CONF

  local k html mode
  for k in html plain; do
    html=1; mode=0; [ $k = plain ] && { html=0; mode=1; }
    cat >"$STATE/rc-$k/config.inc.php" <<CONF
<?php
\$config = [];
\$config['db_dsnw'] = 'sqlite:///$STATE/rc-data/roundcube.db?mode=0640';
\$config['imap_host'] = '127.0.0.1:$IMAP';
\$config['smtp_host'] = '127.0.0.1:$SMTP';
\$config['smtp_user'] = '';
\$config['smtp_pass'] = '';
\$config['mail_domain'] = 'example.test';
\$config['product_name'] = 'Realmail Roundcube ($k)';
\$config['des_key'] = 'realmail-24-byte-key-000';
\$config['cipher_method'] = 'AES-256-CBC';
\$config['plugins'] = [];
\$config['skin'] = 'elastic';
\$config['language'] = 'en_US';
\$config['htmleditor'] = $html;        // 1: always HTML (TinyMCE); 0: always a textarea
\$config['prefer_html'] = true;
\$config['show_images'] = 0;
\$config['reply_mode'] = $mode;        // 0: the reply goes below the quote, as Roundcube has it by default; 1: above
\$config['session_lifetime'] = 1440;
\$config['session_name'] = 'rc_${k}_sessid';  // cookies ignore the port: keep the two apart
\$config['session_auth_name'] = 'rc_${k}_sessauth';
\$config['ip_check'] = false;
\$config['log_driver'] = 'file';
\$config['log_dir'] = '$STATE/rc-data/logs/';
\$config['temp_dir'] = '$STATE/rc-data/temp/';
\$config['enable_installer'] = false;
\$config['create_default_folders'] = true;
CONF
    # defaults.inc.php and mimetypes.php come from the package
    ln -sfn /etc/roundcube/defaults.inc.php "$STATE/rc-$k/defaults.inc.php"
    ln -sfn /etc/roundcube/mimetypes.php "$STATE/rc-$k/mimetypes.php"
  done

  if [ ! -s "$STATE/rc-data/roundcube.db" ]; then
    "$PY" - "$RC/SQL/sqlite.initial.sql" "$STATE/rc-data/roundcube.db" <<'PYEOF'
import sqlite3, sys
c = sqlite3.connect(sys.argv[2]); c.executescript(open(sys.argv[1]).read()); c.commit(); c.close()
PYEOF
    chown www-data:www-data "$STATE/rc-data/roundcube.db"
  fi

  cat >"$STATE/sink.py" <<'PYEOF'
"""SMTP sink: every message becomes sink/NNNN.eml + a line in sink/log.jsonl; mail for a
local user is also appended to that user's INBOX so that the other side can be looked at."""
import asyncio, email, email.policy, imaplib, json, os, sys, time
from aiosmtpd.controller import Controller
state, smtp, imap, password = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
local = {l.split(':')[0] for l in open(f'{state}/dovecot/users') if ':' in l}
class Sink:
    async def handle_DATA(self, server, session, env):
        d = f'{state}/sink'
        n = len([f for f in os.listdir(d) if f.endswith('.eml')]) + 1
        raw = env.original_content or env.content
        with open(f'{d}/{n:04d}.eml', 'wb') as f: f.write(raw)
        m = email.message_from_bytes(raw, policy=email.policy.default)
        with open(f'{d}/log.jsonl', 'a') as f:
            f.write(json.dumps({'n': n, 'at': time.time(), 'from': env.mail_from, 'to': env.rcpt_tos,
                'subject': m['subject'], 'type': m.get_content_type()}) + '\n')
        for r in env.rcpt_tos:
            if r in local:
                try:
                    i = imaplib.IMAP4('127.0.0.1', imap); i.login(r, password)
                    i.append('INBOX', None, None, raw); i.logout()
                except Exception as e: print('local delivery', r, e, flush=True)
        return '250 OK sink %04d' % n
c = Controller(Sink(), hostname='127.0.0.1', port=smtp, data_size_limit=33554432)
c.start(); print('sink on 127.0.0.1:%d' % smtp, flush=True)
while True: time.sleep(3600)
PYEOF

  cat >"$STATE/seed.py" <<'PYEOF'
"""Three customer mails by IMAP APPEND; a message already there (by Message-ID) is left alone."""
import imaplib, sys, time
from email.message import EmailMessage
port, password = int(sys.argv[1]), sys.argv[2]
def base(mid, frm, subject, days):
    m = EmailMessage(); m['From'] = frm; m['To'] = 'Support <agent@example.test>'; m['Subject'] = subject
    m['Date'] = time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime(time.time() - days * 86400)); m['Message-ID'] = mid
    return m
out = []
m = base('<seed-angry@customer.test>', 'Gary Stone <customer@example.test>', 'WHERE IS MY REFUND??? ORDER 48213', 1)
m.set_content("""I HAVE BEEN WAITING THREE WEEKS FOR MY MONEY AND NOBODY ANSWERS ME!!!

THIS IS THE WORST SERVICE I HAVE EVER HAD. YOU CHARGED ME TWICE FOR ORDER 48213
AND THEN YOU IGNORED TWO EMAILS.

WHEN WILL I GET MY REFUND OF $129.90?

AND WHAT IS THE PHONE NUMBER OF A REAL PERSON I CAN TALK TO?

IF I DON'T HEAR BACK TODAY I AM CALLING MY BANK.

GARY STONE
+1 555 0142
"""); out.append(m)
m = base('<seed-polite@customer.test>', 'Mei Tanaka <mei.tanaka@customer.test>', 'Question about my subscription', 2)
m.set_content("""Hello,

I hope you are well. Could you please tell me whether I can move my yearly plan to a
monthly one before it renews on 3 December? I would also be glad to know if the
unused months are credited.

Thank you very much for your help!

Kind regards,
Mei Tanaka
"""); out.append(m)
m = base('<seed-html@customer.test>', 'Luis Ortega <luis@customer.test>', 'Re: Ticket 7731: export fails', 0.2)
m['In-Reply-To'] = '<earlier-7731@example.test>'; m['References'] = '<earlier-7731@example.test>'
m.set_content("""Hi Dana,

Thanks, but the export still fails with error E-204. Which browser versions do you support?
And can you send the file to me directly?

Luis

On Mon, Nov 16, 2026 at 9:12 AM Support <agent@example.test> wrote:
> Hi Luis,
>
> please clear the cache and try again.
>
> Best regards,
> Dana
""")
m.add_alternative("""<html><head><style>.x{color:#224}</style></head><body><div dir="ltr"><div>Hi Dana,</div><div><br></div>
<div class="x">Thanks, but the export <b>still fails</b> with error <code>E-204</code>. Which browser versions do you support?</div>
<div>And can you send the file to me directly?</div><div><br></div><div>Luis</div></div><br>
<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Nov 16, 2026 at 9:12 AM Support &lt;<a href="mailto:agent@example.test">agent@example.test</a>&gt; wrote:<br></div>
<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"><div>Hi Luis,</div><div><br></div>
<div>please clear the cache and try again.</div><ul><li>Chrome: Settings &gt; Privacy</li><li>Firefox: Settings &gt; Privacy</li></ul><div>Best regards,<br>Dana</div>
</blockquote></div></body></html>""", subtype='html'); out.append(m)
i = imaplib.IMAP4('127.0.0.1', port); i.login('agent@example.test', password)
i.select('INBOX'); new = 0
for m in out:
    _, d = i.search(None, 'HEADER', 'Message-ID', m['Message-ID'])
    if d and d[0]: continue
    i.append('INBOX', None, None, m.as_bytes().replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')); new += 1
_, d = i.search(None, 'ALL'); i.logout()
print('inbox of agent@example.test: %d messages (%d new)' % (len(d[0].split()), new))
PYEOF
}

launch() { # name user command...  -> own session, PID recorded
  local name=$1 user=$2; shift 2
  local log="$STATE/log/$name.log"
  if [ "$user" = root ]; then setsid "$@" >"$log" 2>&1 </dev/null &
  else setsid setpriv --reuid "$user" --regid "$user" --init-groups "$@" >"$log" 2>&1 </dev/null & fi
  echo $! >"$STATE/run/$name.pid"
}

start() {
  mkdir -p "$STATE"; install_pkgs; write_config
  alive dovecot || { port_up "$IMAP" && { echo "port $IMAP is taken" >&2; exit 1; }
    rm -rf "$STATE/dovecot/run"; launch dovecot root /usr/sbin/dovecot -F -c "$STATE/dovecot/dovecot.conf"; }
  alive sink || { port_up "$SMTP" && { echo "port $SMTP is taken" >&2; exit 1; }
    launch sink root "$PY" "$STATE/sink.py" "$STATE" "$SMTP" "$IMAP" "$PASS"; }
  local k p
  for k in html plain; do
    p=$HTTP; [ $k = plain ] && p=$HTTP_PLAIN
    alive "web-$k" || { port_up "$p" && { echo "port $p is taken" >&2; exit 1; }
      launch "web-$k" www-data env ROUNDCUBE_CONFIG_DIR="$STATE/rc-$k" PHP_CLI_SERVER_WORKERS=4 \
        php8.2 -d session.save_path="$STATE/rc-data/temp" -d date.timezone=UTC -S "127.0.0.1:$p" -t "$WEB"; }
  done
  for p in "$IMAP" "$SMTP" "$HTTP" "$HTTP_PLAIN"; do wait_port "$p"; done
  "$PY" "$STATE/seed.py" "$IMAP" "$PASS"
  echo "html compose:  http://127.0.0.1:$HTTP/        (TinyMCE)"
  echo "plain compose: http://127.0.0.1:$HTTP_PLAIN/        (textarea)"
  echo "login: agent@example.test / $PASS    sink: $STATE/sink/*.eml"
}

stop() {
  local n pid
  for n in web-html web-plain sink dovecot; do
    alive "$n" || { rm -f "$STATE/run/$n.pid"; continue; }
    pid=$(cat "$STATE/run/$n.pid")
    case $n in dovecot) kill "$pid" ;; *) kill -- "-$pid" 2>/dev/null || kill "$pid" ;; esac  # its own session: workers too
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    rm -f "$STATE/run/$n.pid"
  done
}

case ${1:-start} in
  start) start ;;
  stop) stop ;;
  reset) stop; rm -rf "${STATE:?}"/{run,log,mail,sink,dovecot,rc-html,rc-plain,rc-data}; start ;;
  install) mkdir -p "$STATE"; install_pkgs ;;
  status) for n in dovecot sink web-html web-plain; do alive $n && echo "$n up, pid $(cat "$STATE/run/$n.pid")" || echo "$n down"; done ;;
  *) sed -n '2,12p' "$0"; exit 2 ;;
esac
