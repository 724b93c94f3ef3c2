using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Journal;
using Klock.Storage.Postgres;
using Npgsql;

namespace Klock.Machines.Bench;

/// <summary>A PostgreSQL on this machine, as it is set up by default.</summary>
internal sealed class PostgresEngine : IEngine
{
    private const string Owner = "klock";
    private const string Scheme = "postgres:";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("klock-bench-");
    private readonly int _port = Programs.FreePort();
    private readonly Process _process;

    private PostgresEngine(string programs)
    {
        string data = Path.Combine(_folder.FullName, "data");
        if (Environment.UserName == "root")
        {
            // It does not run as root.
            Programs.Run("chown", "postgres", _folder.FullName);
        }

        Programs.Run(Command(programs, "initdb", "-D", data, "-A", "trust", "-U", Owner, "-E", "UTF8", "--locale=C"));
        _process = Programs.Start(Command(programs, "postgres", "-D", data, "-h", "127.0.0.1", "-p", $"{_port}", "-k", _folder.FullName));
    }

    public string Name => "PostgreSQL";

    public string Folder => _folder.FullName;

    private string Connection => $"Host=127.0.0.1;Port={_port};Username={Owner};Database=postgres";

    /// <summary>Starts it; null when PostgreSQL is not there.</summary>
    public static async Task<IEngine?> StartAsync()
    {
        // Debian has it beside PATH, by its version.
        string[] versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        if (Programs.Find("initdb", versions.OrderDescending().Select(static version => Path.Combine(version, "bin"))) is not { } initdb)
        {
            return null;
        }

        var server = new PostgresEngine(Path.GetDirectoryName(initdb)!);
        await Programs.UntilAsync("PostgreSQL", server.AnswersAsync);
        return server;
    }

    public string Storage(string journal, int server) => $"{Scheme}//{Owner}@127.0.0.1:{_port}/postgres?schema={journal}";

    public IJournal Connect(string journal, int server) => new PostgresJournal(
        PostgresAddress.Parse(Storage(journal, server)[Scheme.Length..]),
        new JournalOptions { AnswersWithin = IEngine.AnswersWithin });

    public async Task<IBareAppends> OpenBareAsync()
    {
        string schema = Programs.NewName("bare_");
        var connection = new NpgsqlConnection($"{Connection};Search Path={schema};Pooling=false");
        await connection.OpenAsync();
        await Tables.EnsureAsync(connection, schema);
        return new Bare(connection);
    }

    public void Dispose()
    {
        // All of its processes, but not on the spot: a smart shutdown waits for those who are connected.
        Programs.Run("kill", "-INT", $"{_process.Id}");
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{Connection};Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (Exception notYet) when (notYet is NpgsqlException or SocketException)
        {
            return false;
        }
    }

    private static string[] Command(string programs, string program, params string[] arguments)
    {
        string[] command = [Path.Combine(programs, program), .. arguments];
        return Environment.UserName == "root"
            ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command]
            : command;
    }

    private sealed class Bare(NpgsqlConnection connection) : IBareAppends
    {
        private long _sequence;
        private byte[] _writer = [];
        private long _number;

        public async Task AppendAsync(JournalBatch batch)
        {
            byte[] writer = new byte[16];
            BinaryPrimitives.WriteUInt128LittleEndian(writer, batch.Id.Writer.Value);
            long last = batch.Events[^1].Sequence;
            await using var append = new NpgsqlCommand(Tables.Append, connection)
            {
                Parameters =
                {
                    Of(_sequence), Of(last), Of(writer), Of(batch.Id.Number), Of(batch.Events[0].Sequence),
                    Of(StoredEvents.Write(batch).ToByteArray()), Of("klock_bare"), Of(_writer), Of(_number),
                },
            };
            if (await append.ExecuteScalarAsync() is null)
            {
                throw new InvalidOperationException("Somebody else appends.");
            }

            (_sequence, _writer, _number) = (last, writer, batch.Id.Number);
        }

        public void Dispose() => connection.Dispose();

        private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };
    }
}
