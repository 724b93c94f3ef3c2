namespace Klock.Server.Options;

/// <summary>A file that a flag names and that the server reads once, when it starts.</summary>
internal static class StartFile
{
    /// <summary>Its text.</summary>
    /// <param name="flag">The flag.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="StartFailure">It cannot be read.</exception>
    public static string Read(string flag, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // What .NET says about it is not always a sentence for people.
            string why = unreadable is FileNotFoundException or DirectoryNotFoundException ? "there is no such file"
                : Directory.Exists(path) ? "it is a folder"
                : unreadable is UnauthorizedAccessException ? "it may not be read"
                : "it cannot be read";
            throw new StartFailure($"{flag} is '{path}', and {why}.", unreadable);
        }
    }
}
