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
            byte[]? now = HookFile.Read(file.Path);
            if (now is null != file.Before is null || (now is not null && !now.AsSpan().SequenceEqual(file.Before)))
            {
                throw new InstallException(file.Path, "somebody else changed it just now; try again");
            }

            if (file.After is null)
            {
                File.Delete(file.Path);
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

    private static void Replace(string path, byte[] content, bool isProgram)
    {
        string beside = $"{path}.klock-{Environment.ProcessId}";
        try
        {
            // Who may not read the file may not read the copy either.
            File.Create(beside).Dispose();
            if (!OperatingSystem.IsWindows() && File.Exists(path))
            {
                File.SetUnixFileMode(beside, File.GetUnixFileMode(path));
            }

            if (!OperatingSystem.IsWindows() && isProgram)
            {
                // Whoever may read it may run it.
                UnixFileMode mode = File.GetUnixFileMode(beside);
                File.SetUnixFileMode(beside, mode | (UnixFileMode)(((int)mode & 0b100_100_100) >> 2));
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
