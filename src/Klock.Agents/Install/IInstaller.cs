namespace Klock.Agents.Install;

/// <summary>Installs the hooks of one client. Nothing is written here: a plan says what would be.</summary>
internal interface IInstaller
{
    /// <summary>The client, as <c>klock install</c> names it.</summary>
    string Name { get; }

    /// <summary>The name of its program, by which it is found on PATH.</summary>
    string Program { get; }

    /// <summary>The folder of its settings, relative to a scope: where it is, the client is used.</summary>
    string SettingsFolder(InstallScope scope);

    /// <summary>What the user must do besides, for the hooks to run; null for nothing.</summary>
    string? Afterwards(InstallScope scope);

    /// <summary>What is to be changed so that the hooks are there.</summary>
    /// <param name="scope">Where.</param>
    /// <param name="program">How <c>klock</c> is started, as a shell reads it.</param>
    /// <exception cref="InstallException">A file cannot be read.</exception>
    IReadOnlyList<PlannedFile> Add(InstallScope scope, string program);

    /// <summary>What is to be changed so that the hooks are there no more.</summary>
    /// <exception cref="InstallException">A file cannot be read.</exception>
    IReadOnlyList<PlannedFile> Remove(InstallScope scope);

    /// <summary>The commands of the hooks that are there, by event: what the client runs.</summary>
    IReadOnlyDictionary<string, string> Installed(InstallScope scope);
}
