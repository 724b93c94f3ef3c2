using System.Net.Sockets;

namespace Klock.Cli.Doors;

/// <summary>Decides where the state is: what the user says, else what the environment says, else the store of this repository.</summary>
internal static class AddressChooser
{
    public const string ServerVariable = "KLOCK_SERVER";
    public const string SocketVariable = "KLOCK_SOCKET";
    public const string StorageVariable = "KLOCK_STORAGE";

    private const string FolderName = "klock";
    private const string StoreName = "klock.db";
    private const string SocketName = "klock.sock";

    /// <summary>Decides. Makes nothing.</summary>
    /// <exception cref="CliFailure">Two options say two things, or there is nowhere to put a store.</exception>
    public static Address Choose(string? server, string? socket, string? storage, Func<string, string?> environment, string cwd)
    {
        if ((server is null ? 0 : 1) + (socket is null ? 0 : 1) + (storage is null ? 0 : 1) > 1)
        {
            throw CliFailure.Usage("--server, --socket and --storage exclude each other: say one of them.");
        }

        return Given(server, socket, storage, name => $"--{name} says so")
            ?? FromEnvironment(environment)
            ?? Default(environment, cwd);
    }

    private static Address? Given(string? server, string? socket, string? storage, Func<string, string> why) =>
        !string.IsNullOrEmpty(server) ? new Address(AddressKind.Server, server, why("server"))
        : !string.IsNullOrEmpty(socket) ? new Address(AddressKind.Socket, Path.GetFullPath(socket), why("socket"))
        : !string.IsNullOrEmpty(storage) ? new Address(AddressKind.Storage, storage, why("storage"))
        : null;

    private static Address? FromEnvironment(Func<string, string?> environment) => Given(
        environment(ServerVariable), environment(SocketVariable), environment(StorageVariable),
        name => $"KLOCK_{name.ToUpperInvariant()} says so");

    private static Address Default(Func<string, string?> environment, string cwd)
    {
        string? git = GitFolder.Common(cwd);
        string folder = Path.Combine(git ?? StateFolder(environment), FolderName);
        string socket = Path.Combine(folder, SocketName);
        if (File.Exists(socket) && Answers(socket))
        {
            return new Address(AddressKind.Socket, socket, "a server listens beside the default store");
        }

        string why = git is null
            ? "the working directory is in no git repository, so it is your own store"
            : "it is the store of this git repository, which all its work trees share";
        return new Address(AddressKind.Storage, $"sqlite:{Path.Combine(folder, StoreName)}", why) { Folder = folder };
    }

    // XDG Base Directory Specification: state is in $XDG_STATE_HOME, by default ~/.local/state.
    private static string StateFolder(Func<string, string?> environment) =>
        environment("XDG_STATE_HOME") is { } state && Path.IsPathRooted(state) ? state
        : environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "state")
        : throw CliFailure.Usage("there is no default store, because HOME is not set: say --storage or --server.");

    // A server that was killed leaves its socket behind.
    private static bool Answers(string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            return false;
        }
    }
}
