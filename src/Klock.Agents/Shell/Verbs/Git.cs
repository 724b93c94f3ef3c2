using Klock.Agents.Changes;
using Klock.Agents.Shell.Findings;

namespace Klock.Agents.Shell.Verbs;

/// <summary>
/// git: which of its commands change files, the whole work tree, the index or HEAD. Those that only change other refs, the object
/// store, its configuration or another machine change none of these. An alias is unknown.
/// </summary>
internal static class Git
{
    private static readonly Dictionary<string, Verb> _commands = Make(
    [
        .. GitPaths.Commands,
        ("commit update-index symbolic-ref update-ref", call => call.Index()),
        ("add stage", call => Unless(call, "n dry-run", call.Index)),
        // They move HEAD and take the work tree along.
        ("merge pull rebase cherry-pick revert am", Both),
        ("bisect", call => UnlessFirst(call, "log view visualize terms help", Both)),
        ("stash", Stash),
        ("switch", Switch),
        ("clean", call => Unless(call, "n dry-run", call.Tree)),
        ("apply", Apply),
        ("read-tree", ReadTree),
        ("checkout-index", call => call.Tree()),
        ("sparse-checkout", call => UnlessFirst(call, "list check-rules", call.Tree)),
        ("submodule", call => UnlessFirst(call, "status summary init sync", Both)),
        ("subtree filter-branch filter-repo mergetool citool gui", Both),
        ("lfs", call => OnlyFirst(call, "pull checkout migrate", Both)),
        ("worktree", WorkTree),
        ("branch", Branch),
        ("clone", Clone),
        ("archive", call => call.ChangeAll(ChangeKind.Overwrite, Options.Read(call.Arguments, "o output").Values("o output"))),
        ("bundle", call => OnlyFirst(call, "create", () =>
            call.ChangeAll(ChangeKind.Overwrite, Options.Read(call.Arguments).Operands.Skip(1).Take(1)))),
        ("format-patch", FormatPatch),
        // Only the object store, refs, the configuration or another machine.
        ("status diff log show blame annotate grep ls-files ls-tree ls-remote rev-parse rev-list cat-file describe "
            + "shortlog reflog name-rev show-ref show-branch for-each-ref merge-base diff-tree diff-index diff-files difftool "
            + "count-objects fsck verify-commit var config remote tag fetch push notes gc prune repack pack-refs maintenance "
            + "init help version whatchanged cherry range-diff check-ignore check-attr hash-object mktree commit-tree "
            + "merge-tree rerere credential send-email request-pull bugreport get-tar-commit-id patch-id interpret-trailers "
            + "stripspace column check-ref-format fast-export unpack-objects update-server-info instaweb daemon",
            call => call.ChangeAll(ChangeKind.Overwrite, Options.Read(call.Arguments, "output").Values("output"))),
    ]);

    /// <summary>The commands.</summary>
    public static IEnumerable<(string Names, Verb Verb)> Verbs =>
    [
        ("git", Run),
        ("gh", call => OnlyFirst(call, "pr", () => OnlyFirst(call with { Arguments = [.. call.Arguments.Skip(1)] }, "checkout co", Both))),
    ];

    private static Dictionary<string, Verb> Make((string Names, Verb Verb)[] commands) =>
        commands.SelectMany(entry => entry.Names.Split(' ', StringSplitOptions.RemoveEmptyEntries), (entry, name) => (name, entry.Verb))
            .ToDictionary(entry => entry.name, entry => entry.Verb);

    private static void Run(Call call)
    {
        Options options = Options.Read(call.Arguments, "C c git-dir work-tree namespace exec-path config-env", isPrefix: true);
        string? folder = call.Folder;
        foreach (Argument next in options.Values("C").Concat(options.Values("work-tree")))
        {
            folder = next.Text is { } text ? LexicalPath.Resolve(folder, text) : null;
        }

        if (options.Operands is not [{ Text: var command } name, ..])
        {
            return;
        }

        Call inner = call with { Folder = folder, Arguments = [.. options.Operands.Skip(1)] };
        if (command is null || !_commands.TryGetValue(command, out Verb? verb))
        {
            call.Unknown($"what git {name.Source} does is not known");
        }
        else if (!inner.Arguments.Any(argument => argument.Text is "--help" or "-h"))
        {
            verb(inner);
        }
    }

    private static void Both(Call call)
    {
        call.Tree();
        call.Index();
    }

    private static void Unless(Call call, string flags, Action effect)
    {
        if (!Options.Read(call.Arguments).Has(flags))
        {
            effect();
        }
    }

    private static void UnlessFirst(Call call, string words, Verb effect)
    {
        if (call.Arguments is [{ Text: var first }, ..] && (first is null || !words.Split(' ').Contains(first)))
        {
            effect(call);
        }
    }

    private static void UnlessFirst(Call call, string words, Action effect) => UnlessFirst(call, words, _ => effect());

    private static void OnlyFirst(Call call, string words, Verb effect) => OnlyFirst(call, words, () => effect(call));

    private static void OnlyFirst(Call call, string words, Action effect)
    {
        if (call.Arguments is [{ Text: { } first }, ..] && words.Split(' ').Contains(first))
        {
            effect();
        }
    }

    // With paths only those are taken away; what "pop" brings is in the stash.
    private static void Stash(Call call)
    {
        string first = call.First.Text ?? "";
        if (first is "list" or "show" or "drop" or "clear" or "create" or "store" or "export" or "import")
        {
            return;
        }

        Options options = Options.Read([.. call.Arguments.Skip(first is "push" or "save" ? 1 : 0)], "m message pathspec-from-file");
        if (first == "push" && options.Operands.Count > 0)
        {
            GitPaths.Overwrite(call, options.Operands);
        }
        else if (!options.Has("S staged"))
        {
            call.Tree();
        }

        call.Index();
    }

    // A new branch at the place of the old one leaves the files as they are.
    private static void Switch(Call call)
    {
        Options options = Options.Read(call.Arguments, "c C create force-create orphan conflict");
        call.Index();
        bool isHere = options.Has("c C create force-create") && options.Operands.Count == 0;
        if (!isHere)
        {
            call.Tree();
        }
    }

    private static void Apply(Call call)
    {
        Options options = Options.Read(call.Arguments, "p C exclude include directory whitespace build-fake-ancestor");
        if (options.Has("check stat numstat summary") && !options.Has("apply"))
        {
            return;
        }

        if (options.Has("index cached 3 3way"))
        {
            call.Index();
        }

        if (!options.Has("cached"))
        {
            call.Tree();
        }
    }

    private static void ReadTree(Call call)
    {
        Options options = Options.Read(call.Arguments, "prefix index-output");
        call.Index();
        if (options.Has("u"))
        {
            call.Tree();
        }
    }

    // Another work tree is another folder; this one stays as it is.
    private static void WorkTree(Call call)
    {
        Options options = Options.Read([.. call.Arguments.Skip(1)], "b B reason");
        switch (call.First.Text)
        {
            case "add":
                call.ChangeAll(ChangeKind.Create, options.Operands.Take(1), isTree: true);
                break;
            case "remove":
                call.ChangeAll(ChangeKind.Delete, options.Operands.Take(1), isTree: true);
                break;
            case "move" when options.Operands is [var from, var to]:
                call.Change(ChangeKind.Delete, from, isTree: true);
                call.Change(ChangeKind.Create, to, isTree: true);
                break;
            default:
                break;
        }
    }

    // One file a commit, of which the folder is known.
    private static void FormatPatch(Call call)
    {
        Options options = Options.Read(call.Arguments, "o output-directory");
        if (!options.Has("stdout"))
        {
            call.Change(ChangeKind.Create, options.Value("o output-directory") ?? Argument.Of("."), isTree: true);
        }
    }

    // A branch that gets another name may be the one that HEAD names.
    private static void Branch(Call call)
    {
        if (Options.Read(call.Arguments, "u set-upstream-to contains merged no-merged points-at format sort").Has("m M move"))
        {
            call.Index();
        }
    }

    private static void Clone(Call call)
    {
        Options options = Options.Read(
            call.Arguments, "b o u c j branch origin upload-pack depth reference config jobs template separate-git-dir");
        if (options.Operands is [var source, ..])
        {
            string? name = source.Text is { } text ? LexicalPath.Name(text).Split(':')[^1] : null;
            name = name?.EndsWith(".git", StringComparison.Ordinal) == true ? name[..^4] : name;
            call.Change(ChangeKind.Create, options.Operands.Count > 1 ? options.Operands[1] : source with { Text = name }, isTree: true);
        }
    }
}
