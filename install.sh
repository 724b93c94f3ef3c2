#!/bin/sh
# Installs Klock for one user, without root; usage() below tells with which variables:
#
#   curl -fsSL https://github.com/klock-protocol/klock/releases/latest/download/install.sh | sh
#
# The package is checked against SHA256SUMS and tried before anything is replaced; until then nothing in PREFIX changes. Each file is
# replaced in one step, so a klock that runs goes on running.
set -eu

releases=https://github.com/klock-protocol/klock/releases

fail() {
    echo "install.sh: $1" >&2
    exit 1
}

usage() {
    cat << 'END'
Installs Klock for one user, without root. Takes no arguments, but these variables:

PREFIX         where to: programs go to PREFIX/bin, and so on (default: ~/.local)
KLOCK_VERSION  which version (default: the newest)
KLOCK_BASE_URL where the packages and their SHA256SUMS are (default: the releases on GitHub)

  curl -fsSL URL/install.sh | PREFIX=/opt/klock sh
END
}

main() {
    case ${1:-} in
        '') ;;
        -h | --help)
            usage
            exit
            ;;
        *) fail "it takes no arguments, and was given '$1': set PREFIX, KLOCK_VERSION or KLOCK_BASE_URL. Nothing was changed." ;;
    esac
    machine=$(machine_name)
    prefix=${PREFIX:-${HOME:+$HOME/.local}}
    [ -n "$prefix" ] || fail "HOME is not set, so there is no ~/.local: set PREFIX to the folder to install to."
    case $prefix in
        /*) ;;
        *) fail "PREFIX is '$prefix': it must be an absolute path." ;;
    esac
    case ${KLOCK_VERSION:-} in
        *[!0-9A-Za-z.+-]*) fail "KLOCK_VERSION is '$KLOCK_VERSION': it must be a version, as in 0.3.0." ;;
    esac
    while [ "${prefix%/}" != "$prefix" ]; do
        prefix=${prefix%/}
    done
    base=${KLOCK_BASE_URL:-$(releases_url)}
    base=${base%/}
    made=$(first_missing "$prefix")
    mkdir -p "$prefix" 2> /dev/null || fail "$prefix cannot be made: set PREFIX to a folder that you may write to."
    # Within PREFIX: only on one file system is a file replaced in one step.
    work=$(mktemp -d "$prefix/.klock-install.XXXXXX" 2> /dev/null) ||
        fail "$prefix cannot be written to: set PREFIX to a folder that you may write to."
    trap 'clean' EXIT
    trap 'exit 1' HUP INT TERM

    download "$base/SHA256SUMS" "$work/SHA256SUMS"
    package=$(package_name "$work/SHA256SUMS")
    download "$base/$package" "$work/$package"
    verify "$package"
    tar -xzf "$work/$package" -C "$work" || fail "$package cannot be unpacked; nothing was changed."
    unpacked=$work/${package%.tar.gz}
    try "$unpacked"
    replace "$unpacked" "$prefix"
    report "$prefix"
}

# The topmost folder of a path that is not there yet; nothing when all are.
first_missing() {
    path=$1
    missing=
    while [ -n "$path" ] && [ ! -d "$path" ]; do
        missing=$path
        path=${path%/*}
    done
    echo "$missing"
}

# A failure leaves no folders behind that were not there.
clean() {
    rm -rf "$work"
    if [ -n "$made" ]; then
        find "$made" -depth -type d -exec rmdir {} \; 2> /dev/null || true
    fi
}

releases_url() {
    if [ -n "${KLOCK_VERSION:-}" ]; then
        echo "$releases/download/v${KLOCK_VERSION#v}"
    else
        echo "$releases/latest/download"
    fi
}

# linux-x64, as the packages are named.
machine_name() {
    system=$(uname -s)
    processor=$(uname -m)
    case $system in
        Linux) system=linux ;;
        Darwin) system=osx ;;
        *) fail "there is no package for $system ($processor) that this installs. For Windows there is a .zip, or use WSL." ;;
    esac
    case $processor in
        x86_64 | amd64) processor=x64 ;;
        aarch64 | arm64) processor=arm64 ;;
        *) fail "there is no package for the processor $processor ($system): there are some for x86_64 and aarch64." ;;
    esac
    if [ "$system" = linux ] && has_musl; then
        fail "this system's C library is musl, and Klock's programs need glibc: use the container image, or a system with glibc."
    fi
    echo "$system-$processor"
}

# glibc's getconf knows this name; musl has none. Where both are, programs for glibc run.
has_musl() {
    if getconf GNU_LIBC_VERSION > /dev/null 2>&1; then
        return 1
    fi
    ldd --version 2>&1 | grep -qi musl
}

download() {
    if command -v curl > /dev/null 2>&1; then
        # A redirection must not lead from https to http.
        case $1 in
            https:*) allowed='=https' ;;
            *) allowed='=http,https' ;;
        esac
        curl -fsSL --proto "$allowed" --retry 2 -o "$2" "$1" || fail "$1 could not be downloaded with curl; nothing was changed."
    elif command -v wget > /dev/null 2>&1; then
        # GNU's would try twenty times; busybox's knows no such option.
        tries=
        if wget --version 2> /dev/null | grep -q GNU; then
            tries=--tries=3
        fi
        wget -q ${tries:+"$tries"} -O "$2" "$1" || fail "$1 could not be downloaded with wget; nothing was changed."
    else
        fail "curl or wget is needed to download Klock, and neither is there."
    fi
}

# The package's name has its version in it; SHA256SUMS tells it. Two of them would be a mistake of the release.
package_name() {
    named=$(sed -n "s/^[0-9a-f]\{64\} [ *]\(klock-$(wanted_version)-$machine\.tar\.gz\)\$/\1/p" "$1")
    case $named in
        klock-*.tar.gz) ;;
        *) fail "the release at $base has no package for $machine${KLOCK_VERSION:+ of version $KLOCK_VERSION}; nothing was changed." ;;
    esac
    [ "$(echo "$named" | wc -l)" -eq 1 ] || fail "SHA256SUMS at $base names several packages for $machine: set KLOCK_VERSION."
    echo "$named"
}

# As a pattern of sed: a version that was asked for, or any that has no slash.
wanted_version() {
    if [ -n "${KLOCK_VERSION:-}" ]; then
        echo "${KLOCK_VERSION#v}" | sed 's/[.]/[.]/g'
    else
        echo '[0-9][0-9A-Za-z.+-]*'
    fi
}

verify() {
    wanted=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$1\$/\1/p" "$work/SHA256SUMS")
    if command -v sha256sum > /dev/null 2>&1; then
        found=$(sha256sum < "$work/$1")
    elif command -v shasum > /dev/null 2>&1; then
        found=$(shasum -a 256 < "$work/$1")
    else
        fail "sha256sum or shasum is needed to check what was downloaded; nothing was changed."
    fi
    found=${found%% *}
    [ "$found" = "$wanted" ] ||
        fail "the checksum of $1 is wrong: SHA256SUMS says $wanted, it is $found. It was damaged on the way; nothing was changed."
}

# A C library that is too old, or another processor, is found out here and not at the next edit of an agent.
try() {
    said=$("$1/bin/klock" version 2>&1) || fail "klock does not run on this machine: $said. Nothing was changed."
}

# The command line last: it hands over to klock-server, which must not be an older one.
replace() {
    mkdir -p "$1/share/doc/klock"
    mv "$1/LICENSE" "$1/THIRD-PARTY-NOTICES.txt" "$1/share/doc/klock"
    (cd "$1" && find . -type d) | while read -r folder; do
        mkdir -p "$2/$folder" || exit 1
    done || fail "a folder in $2 cannot be made."
    (cd "$1" && find . ! -type d ! -path ./bin/klock && echo ./bin/klock) |
        while read -r file; do
            mv -f "$1/$file" "$2/$file" || exit 1
        done || fail "a file in $2 could not be replaced: run this again once that is mended."
}

report() {
    echo "$("$1/bin/klock" version) is in $1/bin."
    case ":${PATH:-}:" in
        *":$1/bin:"*) ;;
        *) echo "That folder is not on your PATH. Add this line to your shell's profile:" && echo "  export PATH=\"$1/bin:\$PATH\"" ;;
    esac
}

# At the end: a script that was cut short on its way into sh does nothing.
main "$@"
