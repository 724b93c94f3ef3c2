using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Klock.Coordinator.Ids;

namespace Klock.Machines.Bench;

/// <summary>Programs that are run, and the ports they get.</summary>
internal static class Programs
{
    /// <summary>Where a program is: on PATH, or in one of some folders; null when it is not there.</summary>
    public static string? Find(string name, params IEnumerable<string> folders) =>
        folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>A name that nothing has yet.</summary>
    public static string NewName(string prefix) => prefix + KernelRandom.Shared.Next();

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts one whose output goes nowhere.</summary>
    public static Process Start(params string[] command)
    {
        Process started = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Path.GetTempPath(),
        })!;
        started.OutputDataReceived += static (_, _) => { };
        started.ErrorDataReceived += static (_, _) => { };
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return started;
    }

    public static void Run(params string[] command)
    {
        using Process run = Start(command);
        run.WaitForExit();
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {run.ExitCode}.");
        }
    }

    public static void End(Process process)
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>Waits until something answers.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> answers)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await answers())
        {
            if (TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException($"{what} does not start.");
            }

            await Task.Delay(100);
        }
    }
}
