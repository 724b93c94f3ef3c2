namespace Klock.Agents.Install.GitHooks;

/// <summary>Installs the hooks of git in one repository: before a commit, and after it.</summary>
internal sealed class GitHookInstaller : IInstaller
{
    /// <summary>The hook that refuses a commit.</summary>
    public const string BeforeCommit = "pre-commit";

    private static readonly string[] _hooks = [BeforeCommit, "post-commit"];

    /// <inheritdoc/>
    public string Name => "git";

    /// <inheritdoc/>
    public string Program => "git";

    /// <inheritdoc/>
    public string SettingsFolder(InstallScope scope) => ".git";

    /// <inheritdoc/>
    public string? Afterwards(InstallScope scope) =>
        HooksFolder.Of(scope.Folder).EndsWith("/.husky/_", StringComparison.Ordinal)
            ? "husky writes this folder anew at each npm install: klock install git again then (klock doctor tells)." : null;

    /// <inheritdoc/>
    public IReadOnlyList<PlannedFile> Add(InstallScope scope, string program) => [.. Files(scope).Select(file => file.Add(program))];

    /// <inheritdoc/>
    public IReadOnlyList<PlannedFile> Remove(InstallScope scope) => [.. Files(scope).Select(file => file.Remove())];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Installed(InstallScope scope) => scope.IsUser || !HooksFolder.IsThere(scope.Folder)
        ? new Dictionary<string, string>()
        : _hooks.Zip(Files(scope).Select(file => file.Block())).Where(pair => pair.Second is not null)
            .ToDictionary(pair => pair.First, pair => pair.Second!);

    private static GitHookFile[] Files(InstallScope scope)
    {
        if (scope.IsUser)
        {
            throw new InstallException(
                "git has hooks of repositories, and none of a user: say klock install git in each repository, without --user.");
        }

        string folder = HooksFolder.Of(scope.Folder);
        return [.. _hooks.Select(name => new GitHookFile(folder, name))];
    }
}
