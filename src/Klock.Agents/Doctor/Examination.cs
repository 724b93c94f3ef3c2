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
/// <param name="Warnings">What the user should know or still do.</param>
/// <param name="HookMs">How long its hook takes, in ms; null when it was not run to its end.</param>
internal sealed record Finding(
    string Client, string? Version, string? Where, string? Problem, IReadOnlyList<string> Warnings, double? HookMs);

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
        bool isBroken = false;
        foreach (InstallScope scope in new[] { project, user }.OfType<InstallScope>())
        {
            IReadOnlyDictionary<string, string> commands = new Dictionary<string, string>();
            string? problem;
            try
            {
                commands = installer.Installed(scope);
                problem = commands.Count > 0 && installer.Name == "claude" ? ProblemOfClaudes(installer, scope) : null;
            }
            catch (InstallException broken)
            {
                // A client drops a settings file that it cannot read, with all hooks in it.
                problem = broken.Message;
            }

            if (problem is not null)
            {
                isBroken = true;
                yield return new Finding(installer.Name, null, scope.Folder, problem, [], null);
            }
            else if (commands.Count > 0)
            {
                installed.Add((scope, commands));
            }
        }

        string? version = program is null ? null : VersionOf(program);
        if (installed.Count == 0 && !isBroken && program is not null)
        {
            yield return new Finding(
                installer.Name, version, null, $"its hooks are not installed: klock install {installer.Name}", [], null);
        }

        string? two = Levels.Compare(installer.Name, [.. installed.Select(each => ProgramOf(each.Commands.Values.First()))]);
        foreach ((InstallScope scope, IReadOnlyDictionary<string, string> commands) in installed)
        {
            Finding found = Prove(installer, program, version, scope, commands);
            IEnumerable<string?> warnings = [.. found.Warnings, two, .. KnownTroubles.Of(installer.Name, version)];
            yield return found with { Warnings = [.. warnings.OfType<string>()] };
        }
    }

    private static string? ProblemOfClaudes(IInstaller installer, InstallScope scope)
    {
        string path = installer.Add(scope, "klock")[0].Path;
        return ClaudeSettings.Problem(HookFile.Read(path)) is { } dropped
            ? $"Claude Code drops {path} with all its hooks: {dropped}" : null;
    }

    private Finding Prove(
        IInstaller installer, string? program, string? version, InstallScope scope, IReadOnlyDictionary<string, string> commands)
    {
        IClient client = ClientTable.Find(installer.Name)!;
        string? before = commands.Keys.FirstOrDefault(client.CanBlock);
        IReadOnlyList<PlannedFile> wanted = installer.Add(scope, ProgramOf(commands.Values.First()));
        string? missing = wanted.Any(file => file.IsChanged)
            ? $"its hooks are not those of this version of Klock: klock install {installer.Name}{(scope.IsUser ? " --user" : "")}" : null;
        if (before is null)
        {
            return new Finding(installer.Name, version, scope.Folder, missing ?? "it has no hook before tools", [], null);
        }

        ProofResult proof = HookProof.Run(client, before, commands[before]);
        bool isSkipped = false;
        string? trust = user is null ? null : Trust.Missing(installer, scope, user.Folder, program, out isSkipped);
        string? problem = proof.Problem ?? missing ?? (isSkipped ? trust : null);
        return new Finding(
            installer.Name, version, scope.Folder, problem, trust is null || problem == trust ? [] : [trust],
            proof.Problem is null ? proof.Time.TotalMilliseconds : null);
    }

    private static string ProgramOf(string command) => command[..command.IndexOf(" hook ", StringComparison.Ordinal)];

    private static string? VersionOf(string program)
    {
        RunResult result = Runner.Run(program, ["--version"], "/", "", new Dictionary<string, string?>(), _versionLimit);
        return result.ExitCode == 0 ? result.Output.Trim().Split('\n')[0].Trim() : null;
    }
}
