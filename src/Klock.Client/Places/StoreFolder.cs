using Klock.Coordinator.Protocol;

namespace Klock.Client.Places;

/// <summary>The folder of a default store.</summary>
public static class StoreFolder
{
    /// <summary>
    /// Makes it, and those above it, unless it is there: its owner's alone, notes and paths are nobody else's business. What root makes
    /// belongs to whom the folder that was there belongs.
    /// </summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.StorageUnavailable"/>: it cannot be made.</exception>
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

    // From the top down.
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
