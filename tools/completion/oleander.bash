# Completion of oleander, oleanderd and oleander-surrogate for bash. What there is says the program itself.
# shellcheck shell=bash

_oleander() {
  local words line value lead
  # What readline parts at : and = is one word of ours.
  read -r -a words <<<"${COMP_LINE:0:COMP_POINT}"
  [[ ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && words+=("")
  local cur=${words[${#words[@]} - 1]}
  # Readline replaces only what is behind the last : or =.
  lead=${cur%"${cur##*[:=]}"}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      value=${cur#"$lead"}
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$value")
    else
      value=${line%%$'\t'*}
      [[ $value == *= ]] && compopt -o nospace 2>/dev/null
      COMPREPLY+=("${value#"$lead"}")
    fi
  done < <("${words[0]}" --complete "${words[@]:1}" 2>/dev/null)
}

_oleander_help() {
  # shellcheck disable=SC2207  # options have no blanks
  COMPREPLY=($(compgen -W "$("$1" --help 2>/dev/null | sed -n 's/^  \(--[a-z-]*=\{0,1\}\).*/\1/p')" -- "$2"))
}

complete -F _oleander oleander
complete -o default -F _oleander_help oleanderd oleander-surrogate
