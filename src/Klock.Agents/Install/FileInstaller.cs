namespace Klock.Agents.Install;

/// <summary>Installs hooks into one settings file of the common shape.</summary>
/// <param name="name">The client.</param>
/// <param name="program">Its program.</param>
/// <param name="path">The file, relative to the scope.</param>
/// <param name="hooks">The hooks.</param>
/// <param name="afterwards">What the user must do besides; null for nothing.</param>
internal sealed class FileInstaller(
    string name, string program, string path, HookFile hooks, Func<InstallScope, string?>? afterwards = null) : IInstaller
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Program => program;

    /// <summary>The content of a file with the hooks alone.</summary>
    /// <param name="command">How <c>klock</c> is started, as a shell reads it.</param>
    public byte[] HooksAlone(string command) => hooks.Alone(command);

    /// <inheritdoc/>
    public string SettingsFolder(InstallScope scope) => Path.GetDirectoryName(path)!;

    /// <inheritdoc/>
    public string? Afterwards(InstallScope scope) => afterwards?.Invoke(scope);

    /// <inheritdoc/>
    public IReadOnlyList<PlannedFile> Add(InstallScope scope, string command) => [hooks.Add(Path.Combine(scope.Folder, path), command)];

    /// <inheritdoc/>
    public IReadOnlyList<PlannedFile> Remove(InstallScope scope) => [hooks.Remove(Path.Combine(scope.Folder, path))];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Installed(InstallScope scope) => hooks.Installed(Path.Combine(scope.Folder, path));
}
