using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Klock.Storage.Tests.Harness;

namespace Klock.Storage.Tests.Etcd;

/// <summary>A real etcd of one member, on free ports, with its data in a folder of its own.</summary>
internal sealed class EtcdMember : IDisposable
{
    private static readonly Lazy<EtcdMember> _shared = new(StartShared);
    private static readonly string? _program = FindProgram();

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();
    private readonly int _peerPort = FreePort();
    private Process _process;
    private int _prefixes;

    public EtcdMember()
    {
        Xunit.Assert.SkipUnless(_program is not null, "etcd is not there (Debian: etcd-server).");
        _process = Start();
    }

    /// <summary>The one that all tests use that do it no harm.</summary>
    public static EtcdMember Shared => _shared.Value;

    /// <summary>Its address.</summary>
    public string Url => $"http://127.0.0.1:{_port}";

    /// <summary>What follows <c>etcd:</c> in the name of a store that has nothing in it yet.</summary>
    public string NewPrefix() => $"{Url}/t{Interlocked.Increment(ref _prefixes)}";

    /// <summary>Ends it as a loss of power to its process would, and starts it again on the same data.</summary>
    public void KillAndRestart()
    {
        Kill();
        _process = Start();
    }

    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _folder.Dispose();
    }

    private static EtcdMember StartShared()
    {
        var member = new EtcdMember();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => member.Dispose();
        return member;
    }

    private void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private Process Start()
    {
        string peer = $"http://127.0.0.1:{_peerPort}";
        string log = _folder.At("etcd.log");
        Process started = Process.Start(
            _program!,
            [
                "--name", "n1", "--data-dir", _folder.At("data"), "--listen-client-urls", Url, "--advertise-client-urls", Url,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"n1={peer}",
                "--logger", "zap", "--log-outputs", log,
            ]);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        long start = TimeProvider.System.GetTimestamp();
        while (!IsHealthy(http))
        {
            bool isInTime = TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30);
            Xunit.Assert.True(isInTime && !started.HasExited, "etcd does not start.");
            Thread.Sleep(50);
        }

        return started;
    }

    private bool IsHealthy(HttpClient http)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Url}/health");
            using HttpResponseMessage answer = http.Send(request);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    // On PATH, or unpacked from its package without being installed.
    private static string? FindProgram() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../etcd/usr/bin")))
        .Select(static folder => Path.Combine(folder, "etcd")).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
