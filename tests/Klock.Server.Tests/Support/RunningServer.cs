namespace Klock.Server.Tests.Support;

/// <summary>A server that the tests of a class share.</summary>
public class RunningServer : IAsyncLifetime
{
    private readonly string[] _arguments;
    private ServerProcess? _server;
    private Api? _api;

    public RunningServer()
        : this([])
    {
    }

    protected RunningServer(string[] arguments) => _arguments = arguments;

    internal ServerProcess Server => _server!;

    internal Api Api => _api!;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(_arguments);
        _api = new Api(_server.Url);
    }

    public virtual async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>As <see cref="RunningServer"/>, on an SQLite file.</summary>
public sealed class RunningSqliteServer : RunningServer
{
    private readonly string _folder;

    public RunningSqliteServer()
        : this(Directory.CreateTempSubdirectory("klock-server-").FullName)
    {
    }

    private RunningSqliteServer(string folder)
        : base(["--storage", $"sqlite:{folder}/klock.db?synchronous=normal"]) => _folder = folder;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
