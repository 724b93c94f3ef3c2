using Klock.Agents.Changes;
using Klock.Agents.Shell.Findings;

namespace Klock.Agents.Shell.Verbs;

/// <summary>Commands that put files under other names: the last operand, or <c>-t</c>, is the name or the folder.</summary>
internal static class Placing
{
    /// <summary>The commands.</summary>
    public static IEnumerable<(string Names, Verb Verb)> Verbs =>
    [
        ("mv gmv", Move),
        ("cp gcp", Copy),
        ("install ginstall", Install),
        ("ln gln", Link),
        ("rsync scp", Synchronise),
    ];

    private static void Move(Call call)
    {
        foreach ((Argument source, Argument target) in Pairs(call, Options.Read(call.Arguments, "t S target-directory suffix")))
        {
            call.Rename(source, target);
        }
    }

    private static void Copy(Call call)
    {
        Options options = Options.Read(call.Arguments, "t S target-directory suffix");
        ChangeKind kind = options.Has("n no-clobber") ? ChangeKind.Create : ChangeKind.Overwrite;
        bool isDeep = options.Has("r R a recursive archive");
        foreach ((Argument source, Argument target) in Pairs(call, options))
        {
            call.Change(kind, target, isTree: isDeep && call.IsFolder(source) != false);
        }
    }

    private static void Install(Call call)
    {
        Options options = Options.Read(call.Arguments, "t S m o g target-directory suffix mode owner group");
        if (!options.Has("d directory"))
        {
            call.ChangeAll(ChangeKind.Overwrite, Pairs(call, options).Select(pair => pair.Target));
        }
    }

    private static void Link(Call call)
    {
        Options options = Options.Read(call.Arguments, "t S target-directory suffix");
        ChangeKind kind = options.Has("f force") ? ChangeKind.Overwrite : ChangeKind.Create;
        bool isOne = options.Operands.Count == 1 && options.Value("t target-directory") is null;
        IEnumerable<(Argument Source, Argument Target)> pairs = isOne
            ? [(options.Operands[0], Below(Argument.Of("."), options.Operands[0]))]
            : Pairs(call, options);
        call.ChangeAll(kind, pairs.Select(pair => pair.Target));
    }

    // What lies beneath the target is not known without a look at the sources, which may be on another machine.
    private static void Synchronise(Call call)
    {
        Options options = Options.Read(call.Arguments, "e f i F P l o S rsh filter exclude include exclude-from include-from files-from");
        bool isDry = call.Name == "rsync" && options.Has("n dry-run list-only");
        if (isDry || options.Operands.Count < 2)
        {
            return;
        }

        Argument target = options.Operands[^1];
        if (target.Text?.Contains(':', StringComparison.Ordinal) != true)
        {
            call.Change(ChangeKind.Overwrite, target, isTree: true);
        }

        if (options.Has("remove-source-files"))
        {
            call.Unknown("rsync: which sources are removed is not known");
        }
    }

    private static IEnumerable<(Argument Source, Argument Target)> Pairs(Call call, Options options)
    {
        IReadOnlyList<Argument> operands = options.Operands;
        if (options.Value("t target-directory") is { } folder)
        {
            return operands.Select(source => (source, Below(folder, source)));
        }

        if (operands.Count < 2)
        {
            return [];
        }

        Argument target = operands[^1];
        bool isInto = operands.Count > 2 || call.IsFolder(target) == true
            || target.Text is "." or ".." || target.Text?.EndsWith('/') == true;
        return operands.SkipLast(1)
            .Select(source => (source, isInto && !options.Has("T no-target-directory") ? Below(target, source) : target));
    }

    private static Argument Below(Argument folder, Argument source)
    {
        string name = $"{folder.Source}/{source.Source}";
        return folder.Text is null || source.Text is null ? new Argument(null, name)
            : new Argument($"{folder.Text.TrimEnd('/')}/{LexicalPath.Name(source.Text)}", name);
    }
}
