using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Klock.Storage.Tests.Harness;
using Npgsql;

namespace Klock.Storage.Tests.Postgres;

/// <summary>A real PostgreSQL on a free port, with its data in a folder of its own; a primary, or a standby of one.</summary>
internal sealed class PostgresServer : ISharedEngine
{
    private const string Owner = "klock";

    private static readonly Lazy<PostgresServer> _shared = new(StartShared);
    private static readonly string? _programs = FindPrograms();

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();
    private readonly bool _isShared;
    private Process _process;
    private int _schemas;

    public PostgresServer()
        : this(primary: null)
    {
    }

    private PostgresServer(PostgresServer? primary, bool isShared = false)
    {
        _isShared = isShared;
        Xunit.Assert.SkipUnless(_programs is not null, "PostgreSQL is not there (Debian: postgresql).");
        if (IsRoot)
        {
            // It does not run as root.
            Run("chown", "postgres", _folder.Path);
        }

        if (primary is null)
        {
            Run(Command("initdb", "-D", Data, "-A", "trust", "-U", Owner, "--no-sync", "-E", "UTF8", "--locale=C"));
        }
        else
        {
            Run(Command(
                "pg_basebackup", "-D", Data, "-h", "127.0.0.1", "-p", $"{primary._port}", "-U", Owner, "-R", "-X", "stream", "--no-sync",
                "-c", "fast"));
        }

        _process = Start();
    }

    /// <summary>The one that all tests use that do it no harm.</summary>
    public static PostgresServer Shared => _shared.Value;

    /// <summary>Its host and port.</summary>
    public string Host => $"127.0.0.1:{_port}";

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => _folder.At("data");

    /// <summary>What follows <c>postgres:</c> in the name of a store that has nothing in it yet.</summary>
    public string NewAddress() => Address($"t{Interlocked.Increment(ref _schemas)}");

    /// <summary>What follows <c>postgres:</c> in the name of the store in a schema.</summary>
    public string Address(string schema, string? also = null) =>
        $"//{Owner}@{Host}{(also is null ? "" : "," + also)}/postgres?schema={schema}";

    /// <summary>A standby of this one, asynchronous.</summary>
    public PostgresServer NewStandby() => new(this);

    /// <summary>Makes a primary of a standby.</summary>
    public void Promote() => Run(Command("pg_ctl", "promote", "-D", Data, "-w"));

    /// <summary>From now on it speaks TLS with a certificate, and lets nobody in over the network without TLS and a password.</summary>
    public void Secure(string certificate, string key)
    {
        Install(certificate, "server.crt");
        Install(key, "server.key");
        File.WriteAllText(Path.Combine(Data, "pg_hba.conf"), "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n");
        Configure("ssl = on");
    }

    /// <summary>Restores a dump of a schema in another server, which need not be a relative.</summary>
    public void DumpInto(PostgresServer other, string schema)
    {
        string dump = _folder.At("dump");
        Run(Command("pg_dump", "-h", "127.0.0.1", "-p", $"{_port}", "-U", Owner, "-n", schema, "-Fc", "-f", dump, "postgres"));
        Run(Command("pg_restore", "-h", "127.0.0.1", "-p", $"{other._port}", "-U", Owner, "-d", "postgres", dump));
    }

    /// <summary>Runs SQL.</summary>
    public object? Ask(string sql)
    {
        // By its socket, which asks for no password whoever else has to give one.
        using var connection = new NpgsqlConnection($"Host={_folder.Path};Port={_port};Username={Owner};Database=postgres;Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>Changes a setting, at once.</summary>
    public void Configure(string setting)
    {
        File.AppendAllText(Path.Combine(Data, "postgresql.auto.conf"), setting + "\n");
        Ask("select pg_reload_conf()");
        Thread.Sleep(300);
    }

    /// <summary>Ends all of it at once, as the kernel does when memory is short.</summary>
    public void Kill()
    {
        Signal("KILL");
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Ends it as <see cref="Kill"/> does, and starts it again on the same data.</summary>
    public void KillAndRestart()
    {
        Kill();
        _process = Start();
    }

    /// <inheritdoc />
    public void TakeBackup()
    {
        Kill();
        FolderCopy.Make(Data, _folder.At("backup"));
        _process = Start();
    }

    /// <inheritdoc />
    public void RestoreBackup()
    {
        Kill();
        Directory.Delete(Data, recursive: true);
        FolderCopy.Make(_folder.At("backup"), Data);
        _process = Start();
    }

    /// <summary>Sends a signal to all its processes.</summary>
    public void Signal(string name)
    {
        string children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children");
        string[] all = [$"{_process.Id}", .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        using Process kill = Process.Start("kill", [$"-{name}", .. all]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!IsGone())
        {
            Kill();
        }

        _folder.Dispose();
    }

    private static PostgresServer StartShared()
    {
        var server = new PostgresServer(primary: null, isShared: true);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    }

    // It takes a key that nobody but its own user may read.
    private void Install(string file, string name)
    {
        string installed = Path.Combine(Data, name);
        File.Copy(file, installed);
        Run("chmod", "600", installed);
        if (IsRoot)
        {
            Run("chown", "postgres", installed);
        }
    }

    private bool IsGone()
    {
        try
        {
            return _process.HasExited;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private Process Start()
    {
        string[] command = Command(
            "postgres", "-D", Data, "-h", "127.0.0.1", "-p", $"{_port}", "-k", _folder.Path, "-c", "logging_collector=on", "-c",
            $"log_directory={_folder.Path}", "-c", "max_connections=200", "-c", _isShared ? "fsync=off" : "fsync=on");
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            // Those that an old one left see within some time that it has gone, and until then there is no place for a new one.
            Process started = Process.Start(command[0], command[1..]);
            while (!started.HasExited && !IsReady())
            {
                Thread.Sleep(50);
            }

            if (!started.HasExited)
            {
                return started;
            }

            Xunit.Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60), "PostgreSQL does not start.");
            Thread.Sleep(100);
        }
    }

    private bool IsReady()
    {
        try
        {
            return Ask("select 1") is 1;
        }
        catch (Exception notYet) when (notYet is NpgsqlException or SocketException)
        {
            return false;
        }
    }

    private static string[] Command(string program, params string[] arguments)
    {
        string[] command = [Path.Combine(_programs!, program), .. arguments];
        return IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command] : command;
    }

    private static void Run(params string[] command)
    {
        using Process run = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = Path.GetTempPath(),
        })!;
        string said = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        Xunit.Assert.True(run.ExitCode == 0, $"{string.Join(' ', command)}: {said}");
    }

    // Debian has it beside PATH, by its version.
    private static string? FindPrograms() =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .OrderDescending().Select(static version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(static folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
