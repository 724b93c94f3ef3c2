using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Klock.Storage.Tests.Harness;

namespace Klock.Storage.Tests.Etcd;

/// <summary>A real etcd of one member, on free ports, with its data in a folder of its own.</summary>
internal sealed class EtcdMember : ISharedEngine
{
    private static readonly Lazy<EtcdMember> _shared = new(StartShared);
    private static readonly string? _program = FindProgram("etcd");

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _arguments;
    private readonly int _port = FreePort();
    private readonly int _peerPort = FreePort();
    private Process _process;
    private int _prefixes;
    private int _starts;

    /// <param name="arguments">More for its command line; with some of them it may be reached by https alone.</param>
    public EtcdMember(params string[] arguments)
    {
        _arguments = arguments;
        Xunit.Assert.SkipUnless(_program is not null, "etcd is not there (Debian: etcd-server).");
        _process = Start();
    }

    /// <summary>The one that all tests use that do it no harm.</summary>
    public static EtcdMember Shared => _shared.Value;

    /// <summary>Its address.</summary>
    public string Url => $"{(IsSecure ? "https" : "http")}://127.0.0.1:{_port}";

    private bool IsSecure => Array.IndexOf(_arguments, "--cert-file") >= 0;

    /// <summary>What follows <c>etcd:</c> in the name of a store that has nothing in it yet.</summary>
    public string NewAddress() => $"{Url}/t{Interlocked.Increment(ref _prefixes)}";

    /// <summary>Ends it as a loss of power to its process would, and starts it again on the same data.</summary>
    public void KillAndRestart()
    {
        Kill();
        _process = Start();
    }

    /// <inheritdoc />
    public void TakeBackup()
    {
        Kill();
        FolderCopy.Make(_folder.At("data"), _folder.At("backup"));
        _process = Start();
    }

    /// <inheritdoc />
    public void RestoreBackup()
    {
        Kill();
        Directory.Delete(_folder.At("data"), recursive: true);
        FolderCopy.Make(_folder.At("backup"), _folder.At("data"));
        _process = Start();
    }

    /// <summary>Runs etcdctl on it, as root once there are users.</summary>
    public void Control(params string[] arguments)
    {
        string? program = FindProgram("etcdctl");
        Xunit.Assert.SkipUnless(program is not null, "etcdctl is not there (Debian: etcd-client).");
        var start = new ProcessStartInfo(program!, ["--endpoints", Url, .. arguments])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        start.Environment["ETCDCTL_API"] = "3";
        using Process control = Process.Start(start)!;
        control.StandardOutput.ReadToEnd();
        control.WaitForExit();
        Xunit.Assert.Equal(0, control.ExitCode);
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
        _starts++;
        Process started = Process.Start(
            _program!,
            [
                "--name", "n1", "--data-dir", _folder.At("data"), "--listen-client-urls", Url, "--advertise-client-urls", Url,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"n1={peer}",
                "--logger", "zap", "--log-outputs", log, .. _arguments,
            ]);
        long start = TimeProvider.System.GetTimestamp();
        while (!Serves(log))
        {
            bool isInTime = TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30);
            Xunit.Assert.True(isInTime && !started.HasExited, "etcd does not start.");
            Thread.Sleep(50);
        }

        return started;
    }

    // It listens earlier than it answers.
    private bool Serves(string log) =>
        File.Exists(log) && File.ReadAllText(log).Split("serving client traffic", StringSplitOptions.None).Length > _starts;

    // On PATH, or unpacked from its package without being installed.
    private static string? FindProgram(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../etcd/usr/bin")))
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
