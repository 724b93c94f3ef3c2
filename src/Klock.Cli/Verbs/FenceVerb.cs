using System.CommandLine;
using Klock.Agents.Policy;
using Klock.Cli.Failures;
using Klock.Cli.Hooks;
using Klock.Cli.Naming;
using Klock.Cli.Running;
using Klock.Client.Places;

namespace Klock.Cli.Verbs;

/// <summary>
/// Runs a shell command of a coding agent with the files of other agents read-only. Hooks put it in the place of the command where
/// <c>shell</c> is <c>fence</c>.
/// </summary>
internal static class FenceVerb
{
    private static readonly Argument<string> _agent = new("agent") { Description = "Whose command it is", HelpName = "AGENT" };

    private static readonly Argument<string> _command = new("command") { Description = "The command, for a shell", HelpName = "COMMAND" };

    private static readonly Argument<string[]> _files = new("files") { Description = "The files, inside of the fence", HelpName = "FILE" };

    // Set only by the first step, for the second.
    private static readonly Option<string?> _inside = new("--inside") { Hidden = true };

    public static Command Create()
    {
        var verb = new Command("fence", "Run a shell command with the files of other agents read-only. Hooks start it.")
        {
            _agent, _command, _files, _inside,
        };
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw CliFailure.NotHere("klock fence", "only there can files be read-only for one command. Set shell = \"watch\"");
        }

        string command = result.GetValue(_command)!;
        if (result.GetValue(_inside) is { } user)
        {
            Fence.Close(result.GetValue(_files) ?? []);
            return Fence.Become(Fence.Shell(command), user);
        }

        string agent = result.GetValue(_agent)!;
        IReadOnlyList<string> files = FilesOfOthers(agent);
        return files.Count == 0
            ? Fence.Become(Fence.Shell(command))
            : Fence.Enter(FenceKind.Find(), user => ["fence", $"--inside={user}", "--", agent, command, .. files]);
    }

    private static IReadOnlyList<string> FilesOfOthers(string agent)
    {
        string folder = WorkingDirectory.Current().Path;
        using var places = new Places(place => HookStores.Open(place, process: 0, folder), Surroundings.Variable);
        return OthersFiles.Fenced(
            agent, places.Of(folder), folder, Surroundings.Variable, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
