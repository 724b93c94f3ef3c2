using Klock.Coordinator;

namespace Klock.Client.Places;

/// <summary>The folder of a default store.</summary>
public static class StoreFolder
{
    /// <summary>Makes it, and those above it, unless it is there: its owner's alone, notes and paths are nobody else's business.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.StorageUnavailable"/>: it cannot be made.</exception>
    public static void Make(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            string why = SystemTrouble.Of(failure);
            throw new KlockException(
                ErrorCode.StorageUnavailable, $"The folder of the default store, {folder}, cannot be made: {why}.", failure);
        }
    }
}
