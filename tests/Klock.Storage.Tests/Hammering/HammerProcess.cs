using System.Diagnostics;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Hammering;

/// <summary>A process that runs the helper program, which lies beside the tests. Killed at the latest when it is disposed of.</summary>
internal sealed class HammerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _complaints;

    private HammerProcess(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;

        // Nothing is ever written to it: its end shows the process that the tests are gone.
        start.RedirectStandardInput = true;

        // Without this the runtime leaves pipes and sockets of its diagnostics in the temporary folder when it is killed.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = Process.Start(start)!;
        _complaints = _process.StandardError.ReadToEndAsync();
    }

    private static string Program =>
        Path.Combine(AppContext.BaseDirectory, "Klock.Storage.Hammer" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    /// <summary>How it ended and what it said last; null while it runs.</summary>
    public string? Ending => _process.HasExited ? $"the process ended with {_process.ExitCode}: {_complaints.Result}" : null;

    public static HammerProcess Start(params string[] arguments) => new(new ProcessStartInfo(Program, arguments));

    /// <summary>Whether a command ends well here: what is done in a namespace of its own is not everybody's to do.</summary>
    public static bool CanRun(params string[] command)
    {
        using var tried = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, UseShellExecute = false })!;
        tried.WaitForExit();
        return tried.ExitCode == 0;
    }

    /// <summary>Starts it by another program, which is given its command line.</summary>
    public static HammerProcess StartIn(string[] by, params string[] arguments) =>
        new(new ProcessStartInfo(by[0], [.. by[1..], Program, .. arguments]));

    /// <summary>Starts it from a shell that may not write a file beyond so many blocks of 512 bytes.</summary>
    public static HammerProcess StartWithFileLimit(int blocks, params string[] arguments)
    {
        // The signal is ignored, so that a write over the limit fails as a write to a full disk does.
        string script = $"trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"";
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, "sh", Program, .. arguments]);

        // The runtime maps its code twice through a file larger than any limit; this makes it do without.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return new HammerProcess(start);
    }

    /// <summary>Starts it on a disk that fails on demand.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="seed">Makes it another run.</param>
    /// <param name="arguments">What to do.</param>
    public static HammerProcess StartOnDisk(FailingDisk disk, int seed, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments);
        start.Environment["LD_PRELOAD"] = Path.Combine(AppContext.BaseDirectory, "faults.so");
        start.Environment["KLOCK_FAULTS"] = disk.Path;
        start.Environment["KLOCK_FAULTS_SEED"] = $"{seed}";
        return new HammerProcess(start);
    }

    /// <summary>Ends it as a crash would: kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Waits for its end, which must be a good one.</summary>
    public async Task EndsWellAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await _process.WaitForExitAsync(patience.Token);
        Assert.True(_process.ExitCode == 0, Ending);
    }

    public void Dispose()
    {
        if (Ending is null)
        {
            Kill();
        }

        _process.Dispose();
    }
}
