using System.Diagnostics;
using System.Globalization;

namespace Klock.Server.Bench;

/// <summary>The load generator in load/, compiled for this run.</summary>
internal sealed class LoadProgram : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("klock-load-");

    public LoadProgram()
    {
        string[] sources = Directory.GetFiles(Path.Combine(Checkout.Top, "tests", "Klock.Server.Bench", "load"), "*.c");
        using Process compiler = Process.Start("cc", ["-std=gnu11", "-O2", "-o", Program, .. sources]);
        compiler.WaitForExit();
        if (compiler.ExitCode != 0)
        {
            throw new InvalidOperationException("The load generator does not compile.");
        }
    }

    private string Program => Path.Combine(_folder.FullName, "load");

    /// <summary>Pairs of requests in a closed loop: requests a second, and p50 and p99 of an answer in µs.</summary>
    /// <param name="protocol"><c>klock</c> or <c>redis</c>.</param>
    /// <param name="port">Where.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="number">Which of several such loads on one store: each has agents and files of its own.</param>
    public (double PerSecond, double P50, double P99) Pairs(string protocol, int port, int connections, int seconds, int number = 0)
    {
        using Process load = Start(protocol, port, connections, seconds, number);
        double[] numbers = Numbers(load.StandardOutput.ReadToEnd());
        load.WaitForExit();
        return (numbers[0], numbers[1], numbers[2]);
    }

    /// <summary>Acquires so many leases and leaves them.</summary>
    public void Hold(int port, int leases)
    {
        using Process load = Start("hold", port, leases);
        Numbers(load.StandardOutput.ReadToEnd());
        load.WaitForExit();
    }

    /// <summary>Held waits, released one after another: p50, p99 and the longest wake-up in ms.</summary>
    /// <param name="port">Where.</param>
    /// <param name="waits">How many at once.</param>
    /// <param name="whileWaiting">Called when all of them wait.</param>
    public (double P50, double P99, double Longest) Waits(int port, int waits, Action whileWaiting)
    {
        using Process load = Start("waits", port, waits);
        _ = load.StandardOutput.ReadLine();
        whileWaiting();
        load.StandardInput.WriteLine();
        double[] numbers = Numbers(load.StandardOutput.ReadToEnd());
        load.WaitForExit();
        return (numbers[0], numbers[1], numbers[2]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static double[] Numbers(string line) =>
        line.Trim().Length == 0
            ? throw new InvalidOperationException("The load generator failed; its message is above.")
            : [.. line.Trim().Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    private Process Start(string mode, params int[] numbers) => Process.Start(
        new ProcessStartInfo(Program, [mode, .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
}
