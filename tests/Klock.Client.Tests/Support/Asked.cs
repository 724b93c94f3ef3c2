
using Klock.Client.Places;
using Klock.Coordinator.Protocol;

namespace Klock.Client.Tests.Support;

/// <summary>Asks, with an environment of the test's own.</summary>
internal static class Asked
{
    public const string Home = "/klock-no-such-home";

    /// <summary>An environment with a home and these variables, as NAME=value.</summary>
    public static Func<string, string?> Environment(params string[] variables) => name =>
        Array.Find(variables, variable => variable.StartsWith(name + "=", StringComparison.Ordinal)) is { } found
            ? found[(name.Length + 1)..]
        : name == "HOME" ? Home
        : null;

    public static Location Where(string path, string? cwd = null, params string[] variables) =>
        Locator.Locate(path, cwd, Environment(variables));

    /// <summary>The name, what it counts from, and the store's folder.</summary>
    public static (string Name, string? Root, string Store) Of(string path, string? cwd = null, params string[] variables)
    {
        Location location = Where(path, cwd, variables);
        return (location.ResourcePath, location.Root, location.Place!.Folder);
    }

    /// <summary>The error.</summary>
    public static KlockException Refused(string path, string? cwd = null) => Assert.Throws<KlockException>(() => Where(path, cwd));
}
