using System.Text;

namespace Klock.Agents.Install;

/// <summary>Installs hooks as a file of their own: for clients that load all files of a folder.</summary>
/// <param name="name">The client.</param>
/// <param name="program">Its program.</param>
/// <param name="inProject">The file, relative to a work tree.</param>
/// <param name="inHome">The file, relative to the home.</param>
/// <param name="write">The file's content for a way to start klock.</param>
/// <param name="afterwards">What the user must do besides; null for nothing.</param>
internal sealed class OwnFileInstaller(
    string name, string program, string inProject, string inHome, Func<string, string> write, string? afterwards = null) : IInstaller
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Program => program;

    /// <inheritdoc/>
    public string SettingsFolder(InstallScope scope) =>
        Path.GetDirectoryName(Path.GetDirectoryName(scope.IsUser ? inHome : inProject))!;

    /// <inheritdoc/>
    public string? Afterwards(InstallScope scope) => afterwards;

    /// <inheritdoc/>
    public IReadOnlyList<PlannedFile> Add(InstallScope scope, string command)
    {
        string path = PathIn(scope);
        return [new PlannedFile(path, OwnFile.Read(path), Encoding.UTF8.GetBytes(write(command)))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<PlannedFile> Remove(InstallScope scope) => [new PlannedFile(PathIn(scope), OwnFile.Read(PathIn(scope)), null)];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Installed(InstallScope scope) => OwnFile.CommandsIn(PathIn(scope)).ToDictionary();

    private string PathIn(InstallScope scope) => Path.Combine(scope.Folder, scope.IsUser ? inHome : inProject);
}
