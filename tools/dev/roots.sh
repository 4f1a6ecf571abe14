# shellcheck shell=bash
# Roots of other distributions: made by mmdebstrap, kept as archives in build/roots, entered with namespaces of their own.

packages_roots=(mmdebstrap)

# The mirror that apt uses on this machine for Debian; OLEANDER_DEBIAN_MIRROR wins; empty: what mmdebstrap takes.
debian_mirror() {
  if [ -n "${OLEANDER_DEBIAN_MIRROR:-}" ]; then
    printf '%s\n' "$OLEANDER_DEBIAN_MIRROR"
  elif command -v apt-get >/dev/null 2>&1; then
    # shellcheck disable=SC2016  # apt fills these in
    apt-get indextargets --format '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
      sed -n 's/^Debian Debian main //p' | head -n 1
  fi
}

# The suite of a distribution, by any of its names.
suite_of() {
  case $1 in
    bookworm | 12 | debian12 | debian-12) echo bookworm ;;
    trixie | 13 | debian13 | debian-13) echo trixie ;;
    *) return 1 ;;
  esac
}

suite_number() {
  case $1 in bookworm) echo 12 ;; trixie) echo 13 ;; esac
}

# root_archive SUITE VARIANT PACKAGES: the path of an archive with that root, made when it is not there.
root_archive() {
  local suite=$1 variant=$2 packages=$3 archive mirror log
  archive="$cd_root/build/roots/$suite-$variant-$(printf '%s' "$packages" | cksum | cut -d' ' -f1).tar"
  if [ ! -e "$archive" ]; then
    say "Making a root of $suite ($variant) ..."
    mkdir -p "$cd_root/build/roots"
    mirror=$(debian_mirror)
    log=$(mktemp)
    # shellcheck disable=SC2086  # an empty mirror is no argument
    if ! mmdebstrap --quiet --variant="$variant" ${packages:+--include="$packages"} "$suite" "$archive.new.tar" $mirror \
      >"$log" 2>&1 </dev/null; then
      tail -n 15 "$log" >&2
      rm -f "$log" "$archive.new.tar"
      fail "mmdebstrap could not make a root of $suite; its message is above
Where the archive is not reached under its usual name, OLEANDER_DEBIAN_MIRROR says where it is."
    fi
    rm -f "$log"
    mv "$archive.new.tar" "$archive"
  fi
  printf '%s\n' "$archive"
}

# As root of a user namespace where the caller is not root.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else unshare --map-root-user --map-auto --setuid 0 --setgid 0 -- "$@"; fi
}

# open_root ARCHIVE: unpacks it into a new folder and prints that.
open_root() {
  local folder
  folder=$(mktemp -d "$cd_root/build/roots/open-XXXXXX")
  as_root tar -C "$folder" --exclude='./dev/*' -xpf "$1"
  chmod 755 "$folder"
  [ ! -e /etc/resolv.conf ] || as_root cp -L /etc/resolv.conf "$folder/etc/resolv.conf"
  printf '%s\n' "$folder"
}

close_root() {
  [ -n "$1" ] && as_root rm -rf --one-file-system "$1"
}

# in_root [--offline] FOLDER COMMAND...: runs in it, with processes, mounts and, offline, a network of its own; what it starts
# ends with it.
in_root() {
  local net=()
  if [ "$1" = --offline ]; then net=(--net); shift; fi
  local folder=$1
  shift
  # shellcheck disable=SC2016  # the inner shell's
  as_root unshare --mount --pid --ipc --uts --fork --kill-child "${net[@]}" -- sh -c '
    set -e
    root=$1; shift
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount -t tmpfs -o mode=755 dev "$root/dev"
    mkdir "$root/dev/shm" "$root/dev/pts"
    for node in null zero full random urandom tty; do : >"$root/dev/$node"; mount --bind "/dev/$node" "$root/dev/$node"; done
    ln -s /proc/self/fd "$root/dev/fd"
    mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
      ${SOURCE_DATE_EPOCH:+SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH} chroot "$root" "$@"' sh "$folder" "$@" </dev/null
}
