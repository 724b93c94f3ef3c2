#!/usr/bin/env bash
# The build is the C# program in build/; this only checks that it can be run.
set -euo pipefail
top="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [[ $'\n'"$(dotnet --list-sdks 2>/dev/null)" != *$'\n10.'* ]]; then
    echo "Klock needs the .NET SDK 10 (https://dotnet.microsoft.com/download/dotnet/10.0) as 'dotnet' on PATH." >&2
    exit 2
fi
# Worker processes of MSBuild would outlive the build and hold its output open: a pipe reading it would never end.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
exec dotnet run --project "$top/build" -c Release -v quiet -- "$@"
