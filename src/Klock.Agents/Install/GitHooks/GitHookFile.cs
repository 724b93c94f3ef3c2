namespace Klock.Agents.Install.GitHooks;

/// <summary>
/// One hook of git. A shell's hook gets Klock's lines after its first one, so it keeps its name, its folder and all it was called with. Any
/// other (another language, a program, a link, one that git skips) is kept beside, untouched, and called by a hook of Klock's.
/// </summary>
/// <param name="folder">git's folder of hooks.</param>
/// <param name="name">The hook, as in <c>pre-commit</c>.</param>
internal sealed class GitHookFile(string folder, string name)
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private string FilePath => Path.Combine(folder, name);

    private string Aside => FilePath + GitHookText.Before;

    /// <summary>The hook with Klock in it.</summary>
    /// <exception cref="InstallException">It cannot be changed safely.</exception>
    public PlannedFile Add(string program)
    {
        bool isLink = new FileInfo(FilePath).LinkTarget is not null;
        byte[]? before = isLink ? null : HookFile.Read(FilePath);
        if (before is null && !isLink)
        {
            return New(calls: false);
        }

        string text = GitHookText.Of(before ?? []);
        if (!isLink && GitHookText.Has(text))
        {
            return Changed(before, () => GitHookText.Replace(text, name, program));
        }

        if (!isLink && GitHookText.IsShell(text) && IsExecutable())
        {
            return Changed(before, () => GitHookText.Insert(text, name, program));
        }

        if (GoesByItsName())
        {
            throw new InstallException(FilePath, "it is a link to a program that other hooks are links to as well, so it goes by its name, "
                + $"and cannot be kept under another one. Call `{program} hook git {name}` from that program");
        }

        return IsThere(Aside)
            ? throw new InstallException(FilePath, $"it would be kept as {Aside}, which is there already")
            : New(calls: true) with { KeptAs = Aside };

        PlannedFile New(bool calls) => new(FilePath, null, GitHookText.Bytes(GitHookText.Whole(name, program, calls))) { IsProgram = true };
    }

    /// <summary>The hook without Klock: as it was before.</summary>
    /// <exception cref="InstallException">It cannot be changed safely.</exception>
    public PlannedFile Remove()
    {
        byte[]? before = Own();
        if (before is null)
        {
            return new PlannedFile(FilePath, null, null);
        }

        PlannedFile without = Changed(before, () => GitHookText.Remove(GitHookText.Of(before)));
        if (!GitHookText.IsOwn(name, GitHookText.Of(without.After!)))
        {
            return without;
        }

        bool isKept = GitHookText.Calls(name, GitHookText.Of(before)) && IsThere(Aside);
        return without with { After = null, KeptAs = isKept ? Aside : null };
    }

    /// <summary>Klock's lines in the hook; null when git runs no such lines.</summary>
    /// <exception cref="InstallException">It cannot be read.</exception>
    public string? Block() => Own() is { } bytes && IsExecutable() ? GitHookText.BlockIn(GitHookText.Of(bytes)) : null;

    private byte[]? Own() => new FileInfo(FilePath).LinkTarget is null && HookFile.Read(FilePath) is { } bytes
        && GitHookText.Has(GitHookText.Of(bytes)) ? bytes : null;

    private PlannedFile Changed(byte[]? before, Func<string> change)
    {
        try
        {
            return new PlannedFile(FilePath, before, GitHookText.Bytes(change()));
        }
        catch (FormatException broken)
        {
            throw new InstallException(FilePath, broken.Message);
        }
    }

    // A link counts that leads nowhere.
    private static bool IsThere(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    private bool IsExecutable() => OperatingSystem.IsWindows() || (File.GetUnixFileMode(FilePath) & Executable) != UnixFileMode.None;

    // As Overcommit and others do: one program for all hooks, which looks at the name that it was called by.
    private bool GoesByItsName() => new FileInfo(FilePath).LinkTarget is { } target
        && new DirectoryInfo(folder).EnumerateFiles().Any(other => other.Name != name && other.LinkTarget == target);
}
