using System.CommandLine;
using Klock.Agents.Install;
using Klock.Agents.Install.Clients;
using Klock.Cli.Failures;
using Klock.Cli.Hooks;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>Sets up the hooks of coding agents, so that their edits are protected without a line of code.</summary>
internal static class InstallVerb
{
    private static readonly string _names = string.Join(", ", InstallerTable.Names);

    private static readonly Argument<string[]> _clients = new("client")
    {
        Description = $"Which: {_names}; without one, those that are found here, each after a question", HelpName = "CLIENT",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Flag _project = new("--project", "In this work tree's own settings, for everybody who works in it (default)");
    private static readonly Flag _user = new("--user", "In your own settings, for all repositories");
    private static readonly Flag _remove = new("--remove", "Take the hooks out again; nothing else is changed");
    private static readonly Flag _print = new("--print", "Show what would be changed, and change nothing");

    private static readonly Option<string?> _plugin = new("--plugin")
    {
        Description = "Make a plugin with the hooks in this folder instead, for others to install: "
            + $"of {string.Join(" or ", PluginFolders.Names)}",
        HelpName = "DIR",
    };

    public static Command Create()
    {
        var verb = new Command("install", "Set up the hooks of coding agents: from then on their edits are protected.")
        {
            _clients, _project, _user, _remove, _print, _plugin,
        };
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        if (result.GetValue(_project) && result.GetValue(_user))
        {
            throw CliFailure.Usage("--project and --user exclude each other: say one of them.");
        }

        InstallScope scope = InstallScopes.Of(isUser: result.GetValue(_user));
        bool removes = result.GetValue(_remove);
        try
        {
            if (result.GetValue(_plugin) is { } folder)
            {
                MakePlugin(result, folder);
                return ExitCode.Done;
            }

            foreach (IInstaller installer in Chosen(result.GetValue(_clients) ?? [], scope, removes))
            {
                Install(installer, scope, removes, prints: result.GetValue(_print));
            }
        }
        catch (InstallException problem)
        {
            throw CliFailure.Usage(problem.Message);
        }

        return ExitCode.Done;
    }

    private static IEnumerable<IInstaller> Chosen(string[] names, InstallScope scope, bool removes)
    {
        if (names.Length > 0)
        {
            return names.Select(name => InstallerTable.Find(name)
                ?? throw CliFailure.Usage($"there is no client '{name}'{Nearest.Hint(name, InstallerTable.Names)}: "
                    + $"it must be one of {_names}.")).ToList();
        }

        IInstaller[] found = removes ? [.. InstallerTable.Everything.Where(installer => installer.Installed(scope).Count > 0)]
            : InstallScopes.Used(scope);
        return found.Length == 0
            ? throw CliFailure.Usage($"no client was found {(removes ? "with hooks of klock " : "")}here: name one of {_names}.")
            : !Question.CanBeAsked
                ? throw CliFailure.Usage($"found here: {string.Join(", ", found.Select(each => each.Name))}; say which, as in "
                    + $"klock install {found[0].Name}.")
            : found.Where(each => Question.IsAffirmed($"{(removes ? "Remove" : "Install")} the hooks of {each.Name} in {scope.Folder}?"));
    }

    private static void MakePlugin(ParseResult result, string folder)
    {
        if (result.GetValue(_clients) is not [{ } client] || !PluginFolders.Names.Contains(client)
            || result.GetValue(_user) || result.GetValue(_project) || result.GetValue(_remove))
        {
            throw CliFailure.Usage("--plugin goes with one client and no other option than --print, and the client must be one of "
                + $"{string.Join(", ", PluginFolders.Names)}.");
        }

        string path = Path.GetFullPath(folder, WorkingDirectory.Current().Path);
        Apply(PluginFolders.Write(client, path, ProductVersion.Text), result.GetValue(_print));
    }

    private static void Install(IInstaller installer, InstallScope scope, bool removes, bool prints)
    {
        bool isChanged = Apply(removes ? installer.Remove(scope) : installer.Add(scope, InstallScopes.ProgramText()), prints);
        if (!removes && isChanged && installer.Afterwards(scope) is { } more)
        {
            Out.Line(more);
        }
    }

    // Returns whether anything was to be done.
    private static bool Apply(IReadOnlyList<PlannedFile> files, bool prints)
    {
        foreach (PlannedFile file in files)
        {
            if (file.IsChanged && !prints)
            {
                FileWriter.Write(file);
            }

            Show(file, prints);
        }

        return files.Any(file => file.IsChanged);
    }

    private static void Show(PlannedFile file, bool prints)
    {
        string would = prints && file.IsChanged ? "would be " : "";
        if (file is { After: not null, KeptAs: { } kept })
        {
            Out.Line($"{would}kept: {kept}, which runs after klock's");
        }

        string what = !file.IsChanged ? "unchanged"
            : file.After is null ? (file.KeptAs is null ? "removed" : "restored")
            : file.Before is null ? "made" : "changed";
        Out.Line($"{would}{what}: {file.Path}");
        foreach (string line in file.IsChanged && file.After is not null ? ChangedLines.Of(file) : [])
        {
            Out.Line($"  {line}");
        }
    }
}
