namespace Klock.Agents.Install;

/// <summary>Writes planned files: each whole, or not at all.</summary>
internal static class FileWriter
{
    /// <summary>Brings a file into its planned state.</summary>
    /// <exception cref="InstallException">It cannot be written, or is not as it was when the plan was made.</exception>
    public static void Write(PlannedFile file)
    {
        try
        {
            if (file is { KeptAs: { } kept, After: not null })
            {
                Keep(file, kept);
                return;
            }

            byte[]? now = HookFile.Read(file.Path);
            if (now is null != file.Before is null || (now is not null && !now.AsSpan().SequenceEqual(file.Before)))
            {
                throw new InstallException(file.Path, "somebody else changed it just now; try again");
            }

            if (file.After is null)
            {
                if (file.KeptAs is { } back)
                {
                    File.Move(back, file.Path, overwrite: true); // in one step: git always finds a hook
                }
                else
                {
                    File.Delete(file.Path);
                }

                return;
            }

            // A link leads to the file that is meant, also before that is there.
            string path = new FileInfo(file.Path).LinkTarget is null ? file.Path
                : File.ResolveLinkTarget(file.Path, returnFinalTarget: true)!.FullName;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Replace(path, file.After, file.IsProgram);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InstallException(file.Path, failure.Message.TrimEnd('.'));
        }
    }

    // A link stays a link, a program executable: it is not copied, but gets another name.
    private static void Keep(PlannedFile file, string kept)
    {
        File.Move(file.Path, kept);
        try
        {
            Replace(file.Path, file.After!, file.IsProgram);
        }
        catch
        {
            File.Move(kept, file.Path, overwrite: true);
            throw;
        }
    }

    private static void Replace(string path, byte[] content, bool isProgram)
    {
        string beside = $"{path}.klock-{Environment.ProcessId}";
        try
        {
            // Who may not read the file may not read the copy either.
            File.Create(beside).Dispose();
            if (!OperatingSystem.IsWindows())
            {
                UnixFileMode mode = File.GetUnixFileMode(File.Exists(path) ? path : beside);

                // Whoever may read a program may run it.
                File.SetUnixFileMode(beside, isProgram ? mode | (UnixFileMode)(((int)mode & 0b100_100_100) >> 2) : mode);
            }

            File.WriteAllBytes(beside, content);
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
