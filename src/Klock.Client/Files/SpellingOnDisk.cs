namespace Klock.Client.Files;

/// <summary>
/// The name of a file as its folder spells it. Windows and macOS open <c>readme.md</c> for <c>README.md</c>: it is one file, and must have
/// one name.
/// </summary>
internal static class SpellingOnDisk
{
    /// <summary>The name that was given, where case counts (Linux), nothing is there, or the folder cannot be read.</summary>
    public static string Of(string folder, string name)
    {
        if (OperatingSystem.IsLinux() || !Path.Exists(Path.Combine(folder, name)))
        {
            return name;
        }

        try
        {
            return Choose(Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)), name);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return name;
        }
    }

    /// <summary>The very name, if the folder has it; else the first that differs in case alone; else the name itself.</summary>
    internal static string Choose(IEnumerable<string> names, string name)
    {
        string? alike = null;
        foreach (string each in names)
        {
            if (each == name)
            {
                return name;
            }

            alike ??= each.Equals(name, StringComparison.OrdinalIgnoreCase) ? each : null;
        }

        return alike ?? name;
    }
}
