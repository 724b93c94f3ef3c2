namespace Klock.Client.Places;

/// <summary>The user's home folder, as the environment names it.</summary>
public static class UserHome
{
    /// <summary>What names it on this system.</summary>
    public static string Variable => OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME";

    /// <summary>The folder; null when the environment names none. On Windows HOME goes first: who sets it there wants it heeded.</summary>
    /// <param name="environment">Gives the value of a variable; null for one that is not set.</param>
    public static string? In(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return environment("HOME") is { Length: > 0 } home ? home
            : OperatingSystem.IsWindows() && environment(Variable) is { Length: > 0 } profile ? profile
            : null;
    }
}
