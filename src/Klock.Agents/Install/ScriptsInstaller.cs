using System.Text;

namespace Klock.Agents.Install;

/// <summary>Installs hooks as programs: for clients that run those of a folder, each by the name of its event.</summary>
/// <param name="name">The client.</param>
/// <param name="program">Its program.</param>
/// <param name="inProject">The folder, relative to a work tree.</param>
/// <param name="inHome">The folder, relative to the home.</param>
/// <param name="events">The events, each with what its program says when Klock fails; null for nothing.</param>
internal sealed class ScriptsInstaller(
    string name, string program, string inProject, string inHome, IReadOnlyList<(string Event, string? OnFailure)> events) : IInstaller
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Program => program;

    /// <inheritdoc/>
    public string SettingsFolder(InstallScope scope) => FolderIn(scope);

    /// <inheritdoc/>
    public string? Afterwards(InstallScope scope) => null;

    /// <inheritdoc/>
    public IReadOnlyList<PlannedFile> Add(InstallScope scope, string command) =>
    [
        .. events.Select(each =>
        {
            string path = PathOf(scope, each.Event), onFailure = each.OnFailure is { } says ? $" || echo '{says}'" : "";
            string text = $"#!/bin/sh\n# Made by klock install {name}.\n{command} hook {name} {each.Event}{onFailure}\n";
            return new PlannedFile(path, OwnFile.Read(path), Encoding.UTF8.GetBytes(text), IsProgram: true);
        }),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<PlannedFile> Remove(InstallScope scope) =>
    [
        .. events.Select(each => PathOf(scope, each.Event)).Select(path => new PlannedFile(path, OwnFile.Read(path), null)),
    ];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Installed(InstallScope scope) =>
        events.SelectMany(each => OwnFile.CommandsIn(PathOf(scope, each.Event))).ToDictionary();

    private string PathOf(InstallScope scope, string file) => Path.Combine(scope.Folder, FolderIn(scope), file);

    private string FolderIn(InstallScope scope) => scope.IsUser ? inHome : inProject;
}
