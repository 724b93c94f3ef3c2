using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Klock.Cli.Tests.Support;

/// <summary>A process that runs; killed after the test if it still does.</summary>
internal sealed partial class Running : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Task<string> _error;

    public Running(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    public int Pid => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Waits until it ends; half a minute is a failure.</summary>
    public Ran End(string input = "")
    {
        try
        {
            _process.StandardInput.Write(input);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading.
        }

        Task<string> output = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Assert.True(_process.WaitForExit(_patience), "it runs on");
        return new Ran(_process.ExitCode, output.GetAwaiter().GetResult(), _error.GetAwaiter().GetResult());
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(int number) => Signal(Pid, number);

    /// <summary>Sends a signal to any process.</summary>
    public static void Signal(int pid, int number) => Assert.Equal(0, Kill(pid, number));

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    /// <summary>Waits until something is so; half a minute is a failure.</summary>
    public static void Until(Func<bool> isSo, string what)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < _patience, $"not so after {_patience.TotalSeconds} s: {what}");
            Thread.Sleep(10);
        }
    }

    /// <summary>Whether a process is there and is no zombie.</summary>
    public static bool IsAlive(int pid) => Stat(pid) is { } stat && !stat.Split(')')[^1].TrimStart().StartsWith('Z');

    /// <summary>Whether a process stands still (SIGSTOP).</summary>
    public static bool IsStopped(int pid) => Stat(pid) is { } stat && stat[(stat.LastIndexOf(')') + 2)..].StartsWith('T');

    /// <summary>What the system reports about a process (proc_pid_stat(5)); null when there is none.</summary>
    public static string? Stat(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
