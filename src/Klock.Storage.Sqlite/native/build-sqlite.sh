#!/bin/sh
# Fetches the SQLite amalgamation and compiles it once: libe_sqlite3.a goes into libklock, libe_sqlite3.so beside managed (JIT) tests.
# Usage: build-sqlite.sh OUTPUT_FOLDER. Needs npm, tar, sha512sum, flock, cc, ar. Called by Sqlite.targets.
#
# The source comes with the npm package better-sqlite3 because npm is a registry that build machines reach and sqlite.org is not.
# It must be SQLite 3.51.3 or newer: older ones can corrupt a WAL file that two processes checkpoint at once.
set -eu

# For another machine, KLOCK_TOOL_PREFIX is what stands before the names of its compiler and of ar: aarch64-linux-gnu-.
prefix=${KLOCK_TOOL_PREFIX:-}
cc=${prefix:+${prefix}gcc}
cc=${cc:-${CC:-cc}}

package=better-sqlite3
version=13.2.0
sha512=67c43ff71fee3722b1035bf814da1dc88b51551c354de281ae68f7d89871851d1c78d70163ec0ca1bb7f06fecced3cf03c05e39d946d35a12c0139d465229665

mkdir -p "$1"
# Projects of one build ask for this at the same time: one builds, the others wait and find it done.
exec 9> "$1/.lock"
flock 9
if [ "$1/libe_sqlite3.a" -nt "$0" ]; then
    exit 0
fi

work=$(mktemp -d "$1/build.XXXXXX")
trap 'rm -rf "$work"' EXIT

npm pack --silent "$package@$version" --pack-destination "$work" > /dev/null
echo "$sha512  $work/$package-$version.tgz" | sha512sum --check --quiet -
tar -xzf "$work/$package-$version.tgz" -C "$work" --strip-components=3 package/deps/sqlite3

# DQS=0: a misspelt column is an error, never a string. USE_URI=0 (the default) stays: a path is a path.
# Extension loading stays compiled in, because the .NET provider refers to it; it is off until a connection asks for it.
"$cc" -O2 -fPIC -fno-semantic-interposition -ffunction-sections -fdata-sections -c -o "$work/sqlite3.o" "$work/sqlite3.c" \
    -DNDEBUG -DSQLITE_THREADSAFE=1 -DSQLITE_DQS=0 -DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_DEFAULT_SYNCHRONOUS=2 \
    -DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_OMIT_DEPRECATED -DSQLITE_OMIT_SHARED_CACHE -DSQLITE_USE_ALLOCA \
    -DHAVE_FDATASYNC=1 -DHAVE_USLEEP=1 -DUSE_PREAD=1

"${prefix}ar" rcs "$work/libe_sqlite3.a" "$work/sqlite3.o"
"$cc" -shared -Wl,-soname,libe_sqlite3.so -o "$work/libe_sqlite3.so" "$work/sqlite3.o" -lm -ldl -lpthread
mv "$work/libe_sqlite3.so" "$work/libe_sqlite3.a" "$1/"
