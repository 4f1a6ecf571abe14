# shellcheck shell=bash
# ./dev --target arm64: cross-built with Debian's compiler against packages for arm64 that lie unpacked in build/roots/, and tested
# under qemu-user. The machine's own packages stay as they are.

packages_arm64=(mmdebstrap gcc-aarch64-linux-gnu g++-aarch64-linux-gnu qemu-user)
# What is there for arm64: what the build and its tests link, and what runs the Lua specs.
arm64_contents=libc6-dev,libffi-dev,uuid-dev,libicu-dev,liblua5.4-dev,libcmocka-dev,lua5.4,lua-lpeg,lua-filesystem,lua-luv,lua-dkjson,lua-argparse,lua-busted

# The tests whose subject is what another processor may do otherwise: plain char, layouts, calls and closures, atomics.
arm64_part=(com_cursor com_object com_object_table dispatch_base_type dispatch_convert_numbers dispatch_decimal
  dispatch_dispcallfunc dispatch_record dispatch_safearray dispatch_signature)

# Packages of the distribution that this machine has, so that compiler and C library agree.
arm64_suite() {
  (. /etc/os-release && case $ID in debian) printf '%s\n' "$VERSION_CODENAME" ;; *) printf 'bookworm\n' ;; esac)
}

arm64_root() {
  local suite root mirror log
  suite=$(arm64_suite)
  root="$cd_root/build/roots/arm64-$suite-$(printf '%s' "$arm64_contents" | cksum | cut -d' ' -f1)"
  if [ ! -e "$root" ]; then
    say "Unpacking the packages of $suite for arm64 ..."
    mkdir -p "$cd_root/build/roots"
    mirror=$(debian_mirror)
    log=$(mktemp)
    # shellcheck disable=SC2086  # an empty mirror is no argument
    if ! mmdebstrap --quiet --variant=extract --architectures=arm64 --include="$arm64_contents" "$suite" "$root.new" $mirror \
      >"$log" 2>&1 </dev/null; then
      tail -n 15 "$log" >&2
      rm -rf "$log" "$root.new"
      fail "the packages for arm64 could not be had; the message of mmdebstrap is above"
    fi
    rm -f "$log"
    mv "$root.new" "$root"
  fi
  printf '%s\n' "$root"
}

# Configures (for debugging: more is checked, and it compiles faster) and builds TARGETS (or all); what runs while building (the IDL compiler) comes from the native build.
arm64_build() {
  local root=$1 dir="$cd_root/build/arm64"
  shift
  preset=release build
  export PKG_CONFIG_LIBDIR="$root/usr/lib/aarch64-linux-gnu/pkgconfig:$root/usr/share/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$root"
  if [ ! -e "$dir/build.ninja" ]; then
    step "Configuring (arm64)" cmake --preset debug -B "$dir" -DCMAKE_TOOLCHAIN_FILE="$cd_root/cmake/arm64.cmake" \
      -DOLEANDER_ARM64_ROOT="$root" -DOLEANDER_TESTS=ON -DCMAKE_INSTALL_PREFIX="$dir/stage" \
      -DOLEANDER_IDL_COMPILER="$cd_root/build/release/stage/bin/oleander" -DVALGRIND_PROGRAM=VALGRIND_PROGRAM-NOTFOUND
  fi
  step "Building (arm64)" ninja -C "$dir" "$@"
  unset PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR
}

# arm64_run ROOT COMMAND...: the programs of the other machine run as if they were ours, in namespaces of their own.
arm64_run() {
  local root=$1
  shift
  if ! unshare --user --map-root-user --mount -- mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc 2>/dev/null; then
    say "./dev: no namespace can be made here; tests that start further programs for arm64 will fail"
    QEMU_LD_PREFIX=$root "$@"
    return
  fi
  # shellcheck disable=SC2016  # the inner shell's
  unshare --user --map-root-user --mount -- sh -c '
    set -e
    root=$1; shift
    mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
    magic="\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00"
    mask="\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff"
    printf "%s" ":oleander-aarch64:M::$magic:$mask:$(command -v qemu-aarch64):OCF" >/proc/sys/fs/binfmt_misc/register
    export QEMU_LD_PREFIX="$root"
    exec "$@"' sh "$root" "$@"
}

# setup | build | test [REGEX], or test part: the tests of arm64_part, for which only what they need is built.
command_arm64() {
  local command=${1:-help} root pattern
  [ $# -gt 0 ] && shift
  case $command in setup | build | test) ;; *) fail "--target arm64 goes with setup, build or test" ;; esac
  need "${packages_build[@]}" "${packages_arm64[@]}"
  root=$(arm64_root)
  case $command in
    setup) ;;
    build) arm64_build "$root"; say "Built in build/arm64" ;;
    test)
      need "${packages_build[@]}" "${packages_test[@]}"
      pattern=${1:-}
      if [ "$pattern" = part ]; then
        pattern="^($(IFS='|'; printf '%s' "${arm64_part[*]}"))\$"
        arm64_build "$root" "${arm64_part[@]}"
      else
        arm64_build "$root"
      fi
      arm64_run "$root" ctest --test-dir "$cd_root/build/arm64" --output-on-failure -j "$(nproc)" ${pattern:+-R "$pattern"} ;;
  esac
}
