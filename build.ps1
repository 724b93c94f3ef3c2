# The build is the C# program in build/; this only checks that it can be run.
$ErrorActionPreference = 'Stop'
if (-not (Get-Command dotnet -ErrorAction SilentlyContinue) -or -not ((dotnet --list-sdks) -match '^10\.')) {
    [Console]::Error.WriteLine("Klock needs the .NET SDK 10 (https://dotnet.microsoft.com/download/dotnet/10.0) as 'dotnet' on PATH.")
    exit 2
}
# Worker processes of MSBuild would outlive the build and hold its output open: a pipe reading it would never end.
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:MSBUILDDISABLENODEREUSE = '1'
$env:DOTNET_CLI_USE_MSBUILD_SERVER = '0'
dotnet run --project "$PSScriptRoot/build" -c Release -v quiet -- @args
exit $LASTEXITCODE
