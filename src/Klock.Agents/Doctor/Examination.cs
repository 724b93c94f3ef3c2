using Klock.Agents.Calling;
using Klock.Agents.Clients;
using Klock.Agents.Install;
using Klock.Agents.Install.Clients;

namespace Klock.Agents.Doctor;

/// <summary>What was found about one client in one scope.</summary>
/// <param name="Client">The client.</param>
/// <param name="Version">Its version; null when its program was not found or does not say.</param>
/// <param name="Where">Where its hooks are installed; null where they are not.</param>
/// <param name="Problem">Why its agents are not protected; null when they are.</param>
/// <param name="Warning">What the user should know or still do; null for nothing.</param>
/// <param name="HookMs">How long its hook takes, in ms; null when it was not run to its end.</param>
internal sealed record Finding(string Client, string? Version, string? Where, string? Problem, string? Warning, double? HookMs);

/// <summary>Examines whether the agents of a client are protected in a work tree.</summary>
/// <param name="project">The work tree.</param>
/// <param name="user">The user's home; null when there is none.</param>
/// <param name="onPath">The program that a name means; null for none.</param>
internal sealed class Examination(InstallScope project, InstallScope? user, Func<string, string?> onPath)
{
    private static readonly TimeSpan _versionLimit = TimeSpan.FromSeconds(20);

    /// <summary>All clients that are used here: whose program is found, or whose hooks are installed.</summary>
    public IReadOnlyList<Finding> Run() => [.. InstallerTable.All.SelectMany(Examine)];

    private IEnumerable<Finding> Examine(IInstaller installer)
    {
        string? program = onPath(installer.Program);
        List<(InstallScope Scope, IReadOnlyDictionary<string, string> Commands)> installed = [];
        foreach (InstallScope scope in new[] { project, user }.OfType<InstallScope>())
        {
            IReadOnlyDictionary<string, string> commands;
            string? problem = null;
            try
            {
                commands = installer.Installed(scope);
            }
            catch (InstallException broken)
            {
                // A client drops a settings file that it cannot read, with all hooks in it.
                (commands, problem) = (new Dictionary<string, string>(), broken.Message);
            }

            if (problem is not null)
            {
                yield return new Finding(installer.Name, null, scope.Folder, problem, null, null);
            }
            else if (commands.Count > 0)
            {
                installed.Add((scope, commands));
            }
        }

        string? version = program is null ? null : VersionOf(program);
        if (installed.Count == 0 && program is not null)
        {
            yield return new Finding(
                installer.Name, version, null, $"its hooks are not installed: klock install {installer.Name}", null, null);
        }

        foreach ((InstallScope scope, IReadOnlyDictionary<string, string> commands) in installed)
        {
            yield return Prove(installer, version, scope, commands);
        }
    }

    private Finding Prove(
        IInstaller installer, string? version, InstallScope scope, IReadOnlyDictionary<string, string> commands)
    {
        IClient client = ClientTable.Find(installer.Name)!;
        string? before = commands.Keys.FirstOrDefault(client.CanBlock);
        IReadOnlyList<PlannedFile> wanted = installer.Add(scope, ProgramOf(commands.Values.First()));
        string? missing = wanted.Any(file => file.IsChanged)
            ? $"its hooks are not those of this version of Klock: klock install {installer.Name}{(scope.IsUser ? " --user" : "")}" : null;
        if (before is null)
        {
            return new Finding(installer.Name, version, scope.Folder, missing ?? "it has no hook before tools", null, null);
        }

        ProofResult proof = HookProof.Run(client, before, commands[before]);
        bool isSkipped = false;
        string? trust = user is null ? null : Trust.Missing(installer, scope, user.Folder, out isSkipped);
        return new Finding(
            installer.Name, version, scope.Folder, proof.Problem ?? missing ?? (isSkipped ? trust : null),
            isSkipped && proof.Problem is null && missing is null ? null : trust,
            proof.Problem is null ? proof.Time.TotalMilliseconds : null);
    }

    private static string ProgramOf(string command) => command[..command.IndexOf(" hook ", StringComparison.Ordinal)];

    private static string? VersionOf(string program)
    {
        RunResult result = Runner.Run(program, ["--version"], "/", "", new Dictionary<string, string?>(), _versionLimit);
        return result.ExitCode == 0 ? result.Output.Trim().Split('\n')[0].Trim() : null;
    }
}
