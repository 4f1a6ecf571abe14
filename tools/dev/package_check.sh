#!/bin/bash
# Inside a bare root: the packages in /packages are installed, used as a reader of docs/installing.md uses them, and removed.
# Lines that begin with "-- " say what holds.
set -euo pipefail
cd /packages
said() { printf -- '-- %s\n' "$*"; }
failed() { printf -- 'FAILED: %s\n' "$*"; ls -l /proc/[0-9]*/exe 2>/dev/null | sed 's/^.* \/proc/runs: \/proc/'; exit 1; }
as_user() { setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=/home/user PATH=/usr/bin:/bin "$@"; }
running() { ls -l /proc/[0-9]*/exe 2>/dev/null | grep -c " /usr/bin/$1\( (deleted)\)\?$" || true; }

echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe # the root is thrown away
apt-get update -q
begin=$(date +%s%N)
apt-get install -y -q --no-install-recommends ./oleander_*.deb ./lua-oleander_*.deb ./liboleander0_*.deb ./oleanderd_*.deb \
  ./oleander-servers_*.deb
useradd --create-home --uid 1000 user 2>/dev/null || mkdir -p /home/user && chown 1000:1000 /home/user
cd /home/user

as_user oleander --version
cat >first.lua <<'LUA'
local com <const> = require "oleander"
local d <const> = com.create "Scripting.Dictionary"
d:Add("a", 1)
print(d.Count)
LUA
[ "$(as_user lua5.4 first.lua)" = 1 ] || failed "a script in lua5.4"
end=$(date +%s%N)
said "installed, and the first script run, in $(((end - begin) / 1000000)) ms"
[ "$(as_user oleander first.lua)" = 1 ] || failed "a script in the program"
as_user oleander list | grep -q Scripting.FileSystemObject || failed "the servers are registered"
[ "$(echo 'return 6 * 7' | as_user oleander | head -n 1)" = 42 ] || as_user sh -c 'echo "print(6 * 7)" | oleander' | grep -q 42 ||
  failed "the prompt"
[ "$(running oleanderd)" = 0 ] || failed "a service runs before anybody needs it"
status=0
as_user oleander doctor || status=$?
[ "$status" = 0 ] || failed "oleander doctor finds something"
for page in oleander.1 oleander.7 oleanderd.1 oleander-surrogate.1; do
  [ -e "/usr/share/man/man${page##*.}/$page.gz" ] || [ -e /etc/dpkg/dpkg.cfg.d/docker ] || grep -q path-exclude /etc/dpkg/dpkg.cfg.d/* 2>/dev/null ||
    failed "the manual page $page"
done
said "oleander, require \"oleander\" and the servers work"

find /etc/systemd /home/user/.config -name 'oleanderd*' 2>/dev/null | grep -q . && failed "a unit is enabled"
cat >surrogate.lua <<'LUA'
local com <const> = require "oleander"
local d <const> = com.create("Scripting.Dictionary", { where = "surrogate" })
d:Add("a", 1)
print(d.Count)
LUA
[ "$(as_user OLEANDER_IDLE_TIMEOUT=-1 OLEANDER_RUNTIME=/home/user/sockets lua5.4 surrogate.lua)" = 1 ] ||
  failed "an object in a surrogate"
[ "$(running oleanderd)" -ge 1 ] || failed "the broker starts on demand"
said "no service is enabled; the broker starts on demand"

apt-get install -y -q --no-install-recommends /packages/liboleander-dev_*.deb gcc g++ libc6-dev cmake make pkg-config
cp -r /packages/outside /home/user/outside
chown -R 1000:1000 /home/user
as_user sh -ec '
  cd /home/user && mkdir plain && cd plain
  oleander idl compile --quiet -o outside.tlb --header outside.h --section outside.S ../outside/outside.idl
  gcc -I. ../outside/server.c ../outside/program.c outside.S -o server $(pkg-config --cflags --libs oleander)
  gcc ../outside/client.c -o client $(pkg-config --cflags --libs oleander)
  ./server --register
  ./client --local Outside.CounterC' | grep -q '^Outside.CounterC 42$' || failed "a C server through pkg-config"
as_user sh -ec '
  cd /home/user && cmake -S outside -B build >/dev/null && cmake --build build >/dev/null
  oleander register build/outside_cpp.so
  ./build/client Outside.CounterCpp' | grep -q '^Outside.CounterCpp 42$' || failed "a server through CMake"
said "servers build through pkg-config and CMake, and start"

kept=$(find /home/user/.local/share/oleander/classes -name '*.reg' | sort)
[ -n "$kept" ] || failed "the user's registrations"
apt-get install -y -q --no-install-recommends /packages/oleander-doc_*.deb
apt-get remove -y -q oleander liboleander0 liboleander-dev lua-oleander oleanderd oleander-servers oleander-doc
sleep 0.3
[ "$(running oleanderd)" = 0 ] || failed "the broker goes with its package"
[ "$(running oleander-surrogate)" = 0 ] || failed "surrogates go with their package"
left=$(find /usr /etc /var/lib/systemd -iname '*oleander*' | grep -v '^/usr/share/doc$' || true)
[ -z "$left" ] || failed "removed, but these are left: $left"
[ "$(find /home/user/.local/share/oleander/classes -name '*.reg' | sort)" = "$kept" ] || failed "the user's registrations stay"
said "removed without a trace but the user's own registrations"
