# shellcheck shell=bash
# ./dev abi: what the library exports, compared by libabigail with the description in cmake/abi/.

packages_abi=(abigail-tools xz-utils)

# The library with debug information in build/abi.
abi_build() {
  local dir="$cd_root/build/abi"
  if [ ! -e "$dir/build.ninja" ]; then
    step "Configuring (abi)" cmake --preset debug -B "$dir" -DOLEANDER_TESTS=OFF
  fi
  step "Building (abi)" ninja -C "$dir" oleander
}

# The description of what is built, written to a file.
abi_dump() {
  abidw --headers-dir "$cd_root/include/oleander" --drop-private-types --no-show-locs --no-corpus-path \
    --no-elf-needed --no-comp-dir-path "$(readlink -f "$cd_root/build/abi/liboleander.so")" >"$1"
}

# abi [--update]: fails when something that was there is gone or has changed; what is new is told. --update, with a release,
# writes the new description.
command_abi() {
  local machine dump made status=0
  need "${packages_build[@]}" "${packages_abi[@]}"
  machine=$(gcc -dumpmachine | cut -d- -f1)
  dump="$cd_root/cmake/abi/liboleander-$machine.abi.xz"
  abi_build
  made="$cd_root/build/abi/liboleander-$machine.abi"
  abi_dump "$made"
  if [ "${1:-}" = --update ]; then
    mkdir -p "$cd_root/cmake/abi"
    xz -9 --stdout "$made" >"$dump"
    say "Written: ${dump#"$cd_root"/}"
    return
  fi
  if [ ! -e "$dump" ]; then
    say "There is no description for $machine in cmake/abi/; nothing is compared."
    return
  fi
  xz -dc "$dump" >"$cd_root/build/abi/promised.abi"
  # Bit 2 of the status: a change of the interface; bit 3: one that breaks programs for certain.
  abidiff --no-added-syms --suppressions "$cd_root/cmake/abi/suppressions.ini" \
    "$cd_root/build/abi/promised.abi" "$made" >"$cd_root/build/abi/differences" 2>&1 || status=$?
  cat "$cd_root/build/abi/differences"
  # A description that it cannot read is no difference to it.
  if [ $((status & 3)) -ne 0 ] || grep -q "parser error" "$cd_root/build/abi/differences"; then
    fail "abidiff could not compare"
  fi
  if [ $((status & 12)) -ne 0 ]; then
    fail "the library is no longer what programs were built for; what is above must come back (docs/promises.md)"
  fi
  say "The binary interface is as it was promised."
}
