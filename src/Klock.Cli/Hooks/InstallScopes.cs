using Klock.Agents.Install;
using Klock.Agents.Install.Clients;
using Klock.Agents.Settings;
using Klock.Agents.Shell;
using Klock.Cli.Failures;
using Klock.Client.Places;

namespace Klock.Cli.Hooks;

/// <summary>Where hooks are installed, and how they start this program.</summary>
internal static class InstallScopes
{
    /// <summary>The user's home, or the top of the work tree around the working directory, else that directory.</summary>
    public static InstallScope Of(bool isUser) => isUser
        ? new InstallScope(UserHome.In(Environment.GetEnvironmentVariable) is { } home ? home
            : throw CliFailure.Usage($"{UserHome.Variable} is not set, so there are no settings of yours."), IsUser: true)
        : new InstallScope(SettingsTop.Of(WorkingDirectory.Current().Path), IsUser: false);

    /// <summary>
    /// The clients that are used there, whose settings folder is or whose program is on PATH; and git, where one is in a repository.
    /// </summary>
    public static IInstaller[] Used(InstallScope scope)
    {
        IInstaller[] clients = [.. InstallerTable.All.Where(installer =>
            Directory.Exists(Path.Combine(scope.Folder, installer.SettingsFolder(scope))) || OnPath(installer.Program) is not null)];
        bool isRepository = !scope.IsUser && Path.Exists(Path.Combine(scope.Folder, ".git"));
        return clients.Length > 0 && isRepository ? [.. clients, InstallerTable.Git] : clients;
    }

    /// <summary>How a shell starts this program: by its name where PATH leads to it, else by its path.</summary>
    public static string ProgramText()
    {
        string self = Environment.ProcessPath!;
        return OnPath("klock") is { } found && RealPathOf(found) == RealPathOf(self) ? "klock"
            : ShellWord.Of(self);
    }

    /// <summary>The program that a name means on PATH; null for none.</summary>
    public static string? OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string RealPathOf(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
}
