using Klock.Coordinator.Protocol;

namespace Klock.Client.Places;

/// <summary>The folder of a default store.</summary>
public static class StoreFolder
{
    /// <summary>
    /// Creates it, and those above it, unless it exists: readable by its owner alone, since notes and paths are private. What root creates
    /// gets the owner of the folder that existed before.
    /// </summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.StorageUnavailable"/>: it cannot be created.</exception>
    public static void Make(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        try
        {
            foreach (string missing in Missing(folder))
            {
                MakeOne(missing);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            string why = SystemTrouble.Of(failure);
            throw new KlockException(
                ErrorCode.StorageUnavailable, $"The folder of the default store, {folder}, cannot be made: {why}.", failure);
        }
    }

    /// <summary>Makes an empty file beside a store, which only its owner can read, unless one is there.</summary>
    internal static void MakeFile(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var made = new FileStream(path, options);
        FolderOwner.Give(made.SafeFileHandle);
    }

    // The topmost first.
    private static Stack<string> Missing(string folder)
    {
        var missing = new Stack<string>();
        for (string? part = folder; !string.IsNullOrEmpty(part) && !Directory.Exists(part); part = Path.GetDirectoryName(part))
        {
            missing.Push(part);
        }

        return missing;
    }

    private static void MakeOne(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        FolderOwner.Give(folder);
    }
}
