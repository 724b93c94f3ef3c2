using System.Globalization;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Servers;

/// <summary>A server that <c>klock serve</c> started, on a port of its own.</summary>
internal sealed class Server : IDisposable
{
    private const string Ready = "klock listening on ";

    public Server(Place place, params string[] flags)
        : this(place, 0, flags)
    {
    }

    /// <summary>A server on this port; 0 for any that is free.</summary>
    public Server(Place place, int port, params string[] flags)
    {
        Process = place.Start(["serve", "--port", port.ToString(CultureInfo.InvariantCulture), .. flags]);
        string? line = Process.Output.ReadLine();
        Assert.True(line?.StartsWith(Ready, StringComparison.Ordinal), $"no ready line but '{line}'");
        Url = line![Ready.Length..];
    }

    public Running Process { get; }

    public string Url { get; }

    public int Port => new Uri(Url).Port;

    public void Dispose() => Process.Dispose();
}
