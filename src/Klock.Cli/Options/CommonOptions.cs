using System.CommandLine;
using Klock.Cli.Doors;

namespace Klock.Cli.Options;

/// <summary>The options that most verbs share.</summary>
internal static class CommonOptions
{
    public static readonly Option<bool> Json = new("--json") { Description = "Answer in JSON, as the HTTP interface does" };

    private static readonly Option<string?> _server = new("--server")
    {
        Description = $"Talk to this server, as in http://127.0.0.1:3100 [env: {AddressChooser.ServerVariable}]", HelpName = "URL",
    };

    private static readonly Option<string?> _socket = new("--socket")
    {
        Description = $"Talk to the server on this Unix socket [env: {AddressChooser.SocketVariable}]", HelpName = "PATH",
    };

    private static readonly Option<string?> _storage = new("--storage")
    {
        Description = $"Use this store, as in sqlite:/path/klock.db [env: {AddressChooser.StorageVariable}]", HelpName = "STORE",
    };

    /// <summary>Adds <c>--json</c> and the options that say where the state is.</summary>
    public static void AddTo(Command command)
    {
        command.Add(Json);
        command.Add(_server);
        command.Add(_socket);
        command.Add(_storage);
    }

    /// <summary>Where the state is.</summary>
    public static Address AddressOf(ParseResult result) => AddressChooser.Choose(
        result.GetValue(_server), result.GetValue(_socket), result.GetValue(_storage),
        Environment.GetEnvironmentVariable, Environment.CurrentDirectory);

    /// <summary>A door to it.</summary>
    /// <param name="result">The options.</param>
    /// <param name="group">The process group that leases are bound to, on a store; 0 to bind them to nothing.</param>
    public static IDoor OpenDoor(ParseResult result, int group = 0) => AddressOf(result).Open(group);
}
