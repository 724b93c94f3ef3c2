namespace Klock.Client.Places;

/// <summary>The user's home folder, as the environment names it.</summary>
public static class UserHome
{
    /// <summary>What names it on this system.</summary>
    public static string Variable => OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME";

    /// <summary>
    /// The folder; null when the environment names none. On Windows HOME comes last: shells that come from Unix set it, to another folder
    /// than the one that all other programs take, and one's own store must be the same in all of them.
    /// </summary>
    /// <param name="environment">Gives the value of a variable; null for one that is not set.</param>
    public static string? In(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return environment(Variable) is { Length: > 0 } own ? own
            : OperatingSystem.IsWindows() && environment("HOME") is { Length: > 0 } home ? home
            : null;
    }
}
