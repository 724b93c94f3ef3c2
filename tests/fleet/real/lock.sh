#!/bin/sh
# lock.sh COMMAND... EVENT: the hook of "lock and retry". Edits alone are brought to the command; all else costs no more than a shell.
for event; do :; done
case $event in PreToolUse | BeforeTool) ;; *) exit 0 ;; esac
input=$(cat)
case $input in
  *'"old_string"'* | *'"oldString"'* | *'"content"'* | *'*** Begin Patch'*) printf '%s' "$input" | "$@" ;;
esac
