using System.Text;

namespace Klock.Client.Files;

/// <summary>A small text file of git's own.</summary>
internal static class SmallFile
{
    // git refuses a .git file over 1 MiB, and no real config is that long.
    private const int MostBytes = 1024 * 1024;

    /// <summary>All of its text; null when there is no such file.</summary>
    /// <exception cref="IOException">It cannot be read, or is something else than a file; the message names it.</exception>
    public static string? Read(string path)
    {
        if (FileFacts.Of(path) is not { } facts)
        {
            return null;
        }

        if (facts.Kind != FileKind.File)
        {
            throw new IOException($"{path} is no file");
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] bytes = new byte[Math.Min(file.Length, MostBytes)];
            return Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} cannot be read", failure);
        }
    }
}
