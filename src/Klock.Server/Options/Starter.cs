using Klock.Server.Startup;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Server.Options;

/// <summary>The program that started this server for itself, as the clients of Python and Node do where none listens.</summary>
internal static class Starter
{
    /// <summary>The variable that names it: unlike a flag it goes through any command that a user has a server started with.</summary>
    public const string Variable = "KLOCK_ENDS_WITH";

    /// <summary>Reads the variable; null when there is none.</summary>
    /// <exception cref="StartFailure">It is not of its form.</exception>
    public static NamedProcess? Read(string? variable) =>
        string.IsNullOrEmpty(variable) ? null
        : NamedProcess.Parse(variable)
            ?? throw new StartFailure($"{Variable} names no process: it must be {NamedProcess.Form}, as '4711 815400 pid:[4026531836]'.");
}
