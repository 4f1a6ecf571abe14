#!/usr/bin/env bash
# Makes the seeds corpus/fuzz_container/*-linked*: modules as linkers write them, with type libraries in them. Needs clang,
# lld and llvm. The first byte of a seed is the number of the library that is looked for.
set -euo pipefail
corpus=$(dirname -- "$(readlink -f -- "$0")")/corpus
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$corpus/fuzz_msft/base.tlb" "$work/one.tlb"
cp "$corpus/fuzz_msft/boiler.tlb" "$work/two.tlb"
cd "$work"

seed() { # NUMBER MODULE NAME
  { printf "\\$1"; cat "$2"; } >"$corpus/fuzz_container/$3"
}

printf '1 VERSIONINFO\nFILEVERSION 1,0,0,0\nBEGIN\nEND\n' >none.rc
printf '1 TYPELIB "two.tlb"\n' >one.rc
printf '1 TYPELIB "one.tlb"\n2 TYPELIB "two.tlb"\n7 TYPELIB "one.tlb"\nNAMED TYPELIB "two.tlb"\n' | cat - none.rc >three.rc
pe() { # MACHINE RESOURCES NUMBER NAME
  llvm-rc /fo "$2.res" "$2.rc"
  lld-link /dll /noentry "/machine:$1" /out:module.dll "$2.res"
  seed "$3" module.dll "$4"
}
pe x64 three 1 pe64-linked-three
pe x86 three 2 pe32-linked-three
pe arm64 one 1 pe64-linked-arm
pe x64 none 1 pe64-linked-none

cat >module.S <<'END'
.section .oleander.typelib,"aR",@progbits
.balign 8
.incbin "one.tlb"
.section .oleander.typelib.2,"aR",@progbits
.balign 8
.incbin "two.tlb"
.section .note.GNU-stack,"",@progbits
END
elf() { # TARGET NUMBER NAME
  clang "--target=$1" -c module.S -o module.o
  ld.lld -shared -z max-page-size=64 module.o -o module.so
  seed "$2" module.so "$3"
}
elf x86_64-linux-gnu 2 elf64-linked
elf i386-linux-gnu 2 elf32-linked
elf powerpc64-linux-gnu 1 elf-linked-big-endian
