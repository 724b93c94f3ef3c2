using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Klock.Server.Bench;

/// <summary>A server under measurement, as a process of its own. Killed when disposed.</summary>
internal sealed class MeasuredServer : IDisposable
{
    private readonly Process _process;

    private MeasuredServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>klock-server, on the memory store if it is not told another one.</summary>
    public static MeasuredServer Klock(params string[] options) => StartWeb(Checkout.Server, ["--port", "0", .. options]);

    /// <summary>Two routes of the same framework that answer these texts and decide nothing.</summary>
    public static MeasuredServer BareRoute(string granted, string released) => StartWeb(Checkout.BareRoute, granted, released);

    /// <summary>Redis that stores nothing; null where there is none.</summary>
    public static MeasuredServer? Redis()
    {
        int port = FreePort();
        try
        {
            Process process = Start("redis-server", "--port", $"{port}", "--save", "", "--appendonly", "no");
            while (process.StandardOutput.ReadLine() is { } line && !line.Contains("Ready to accept", StringComparison.Ordinal))
            {
            }

            return new MeasuredServer(process, port);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What it keeps in memory now, in MB.</summary>
    public double MemoryMb()
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>The time of the processor that it has taken so far, in user code and in the kernel.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static MeasuredServer StartWeb(string program, params string[] arguments)
    {
        Process process = Start(program, arguments);
        string ready = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{program} did not start.");
        return new MeasuredServer(process, new Uri(ready.Split(' ')[^1]).Port);
    }

    private static Process Start(string program, params string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        process.ErrorDataReceived += static (_, line) => WriteUnlessNews(line.Data);
        process.BeginErrorReadLine();
        return process;
    }

    // What it says when it starts is no part of the figures.
    private static void WriteUnlessNews(string? line)
    {
        if (line is not null && !line.Contains(" info: ", StringComparison.Ordinal) && !line.Contains(" warn: ", StringComparison.Ordinal))
        {
            Console.Error.WriteLine(line);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
