using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Cli.Output;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Options;

/// <summary>The options that say which leases are asked for, and how.</summary>
internal static class WantedOptions
{
    public static readonly Flag Raw = new(
        "--raw", "Take paths as they are written, as a plain HTTP request would, instead of making them canonical");

    private static readonly (string Mode, string Predicate)[] _modes =
    [
        ("mutate", "MUTATES"), ("read", "CONSUMES"), ("provide", "PROVIDES"), ("delete", "DELETES"), ("rename", "RENAMES"),
        ("depend", "DEPENDS_ON"),
    ];

    private static readonly Option<string[]> _files = new("--file")
    {
        Description = "A file, or DIR/** for all beneath a directory; may be repeated", HelpName = "PATH",
    };

    private static readonly Option<string[]> _reads = new("--read")
    {
        Description = "A file that is only read; may be repeated", HelpName = "PATH",
    };

    private static readonly Option<string[]> _resources = new("--resource")
    {
        Description = "Any resource, as in SYMBOL:src/a.ts#login or CUSTOM:deploy; may be repeated", HelpName = "TYPE:PATH",
    };

    // The words of the tables are accepted as well.
    private static readonly ChoiceOption _mode = new(
        "--mode", "What is done to --file and --resource", [.. _modes.Select(mode => mode.Mode)],
        [.. _modes.Select(mode => (mode.Predicate, mode.Mode))]);

    private static readonly DurationOption _ttl = new("--ttl", "How long a lease lasts unless it is renewed", "60s", 1, Limits.TtlMs);

    private static readonly Option<string?> _note = new("--note")
    {
        Description = "Why, for whoever is refused meanwhile", HelpName = "TEXT",
    };

    private static readonly NumberOption _priority = new(
        "--priority", "Register the agent with this priority first; lower is older, and older waits where younger gives way", "N",
        0, ulong.MaxValue);

    /// <summary>Adds them, but for <c>--wait</c>, whose default is the verb's own.</summary>
    public static void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_files, _reads, _resources, _mode, _ttl, _note, _priority, NamespaceOption.Namespace, Raw])
        {
            command.Add(option);
        }
    }

    public static long TtlMs(ParseResult result) => _ttl.MsOf(result);

    public static string? Note(ParseResult result) => result.GetValue(_note);

    public static ulong? Priority(ParseResult result) => result.GetValue(_priority);

    /// <summary>All leases that are asked for, in the order of the options' kinds.</summary>
    /// <exception cref="CliFailure">There is none, or a path is invalid.</exception>
    public static IReadOnlyList<Wanted> Read(ParseResult result)
    {
        bool raw = result.GetValue(Raw);
        string mode = result.GetValue(_mode)!;
        string predicate = Array.Find(_modes, known => known.Mode == mode).Predicate;
        Wanted[] wanted =
        [
            .. (result.GetValue(_files) ?? []).Select(path => new Wanted(FileOrFolder(path, raw), predicate)),
            .. (result.GetValue(_resources) ?? []).Select(text => new Wanted(ResourceText.Any(text, raw), predicate)),
            .. (result.GetValue(_reads) ?? []).Select(path => new Wanted(FileOrFolder(path, raw), "CONSUMES")),
        ];
        return wanted.Length > 0 ? wanted : throw CliFailure.Usage("nothing is asked for: say --file, --read or --resource.");
    }

    // A lease on a folder's mere name would protect nothing in it.
    private static Named FileOrFolder(string path, bool raw)
    {
        string meant = ResourceText.Subtree(path, raw);
        if (meant != path)
        {
            Out.Complain($"{path} is a folder: {meant} is taken, all beneath it.");
        }

        return ResourceText.File(meant, raw);
    }
}
