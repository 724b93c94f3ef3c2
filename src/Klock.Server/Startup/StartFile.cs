namespace Klock.Server.Startup;

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
            // The system says of a folder that reading is forbidden, which is less clear.
            string why = Directory.Exists(path) ? "it is a folder" : SystemTrouble.Of(unreadable);
            throw new StartFailure($"{flag} is '{path}', which cannot be read: {why}.", unreadable);
        }
    }
}
