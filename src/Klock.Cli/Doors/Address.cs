using Klock.Coordinator;

namespace Klock.Cli.Doors;

/// <summary>What kind of thing holds the state.</summary>
internal enum AddressKind
{
    /// <summary>A server, by its URL.</summary>
    Server,

    /// <summary>A server, by its Unix socket.</summary>
    Socket,

    /// <summary>A store that this process opens itself.</summary>
    Storage,
}

/// <summary>Where the state is.</summary>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="Text">The URL, the socket's path, or the store's name.</param>
/// <param name="Why">How that was decided, for a person.</param>
internal sealed record Address(AddressKind Kind, string Text, string Why)
{
    private const string SqlitePrefix = "sqlite:";

    /// <summary>The folder of a default store, made when the store is used; null for an address that the user gave.</summary>
    public string? Folder { get; init; }

    /// <summary>A door to it.</summary>
    /// <param name="group">The process group that leases are bound to, on a store; 0 to bind them to nothing.</param>
    /// <exception cref="CliFailure">It cannot be used.</exception>
    public IDoor Open(int group) => Kind switch
    {
        AddressKind.Server => HttpDoor.ToServer(Text),
        AddressKind.Socket => HttpDoor.ToSocket(Text),
        _ => OpenStore(group),
    };

    private LocalDoor OpenStore(int group)
    {
        if (Text == OpenOptions.Memory)
        {
            throw CliFailure.Usage(
                "a store in memory ends with this command and would protect nothing: name a file, sqlite:<path>, or a server.");
        }

        if (!Text.StartsWith(SqlitePrefix, StringComparison.Ordinal))
        {
            throw CliFailure.Usage(
                "storage is of an unknown kind: it must be sqlite:<path>; any other is reached through a server, with --server.");
        }

        MakeFolder();
        return new LocalDoor(Text, group);
    }

    // Its owner's alone: notes and paths are nobody else's business.
    private void MakeFolder()
    {
        if (Folder is null || Directory.Exists(Folder))
        {
            return;
        }

        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Folder);
            }
            else
            {
                Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(ExitCode.Unavailable, $"The folder of the default store cannot be made: {failure.Message}", failure);
        }
    }
}
