using Klock.Agents.Changes;

namespace Klock.Agents.Shell.Verbs;

/// <summary>git's commands that may name files: checkout, restore, reset, rm, mv.</summary>
internal static class GitPaths
{
    /// <summary>The commands, without <c>git</c>.</summary>
    public static IEnumerable<(string Names, Verb Verb)> Commands =>
    [
        ("checkout", Checkout),
        ("restore", Restore),
        ("reset", Reset),
        ("rm", Remove),
        ("mv", Move),
    ];

    /// <summary>Says that files are overwritten which git's own patterns name. A pattern stands for the whole work tree.</summary>
    public static void Overwrite(Call call, IEnumerable<Argument> paths) => Change(call, ChangeKind.Overwrite, paths);

    private static void Change(Call call, ChangeKind kind, IEnumerable<Argument> paths)
    {
        foreach (Argument path in paths)
        {
            bool isPattern = path.Text?.StartsWith(':') == true || path.Text?.IndexOfAny(['*', '?']) >= 0;
            if (isPattern)
            {
                call.Tree();
            }
            else
            {
                call.Change(kind, path, isTree: call.IsFolder(path) ?? (path.Text is "." or ".." || path.Text?.EndsWith('/') == true));
            }
        }
    }

    // Of "checkout X" git itself asks what X is. A name that is there is taken for a path, since git refuses one that is both.
    private static void Checkout(Call call)
    {
        const string values = "b B orphan conflict pathspec-from-file";
        int end = call.Arguments.TakeWhile(argument => argument.Text != "--").Count();
        Options options = Options.Read([.. call.Arguments.Take(end)], values);
        Argument[] paths = [.. call.Arguments.Skip(end + 1)];
        if (options.Has("b B orphan"))
        {
            call.Index();
            if (options.Operands.Count > 0)
            {
                call.Tree();
            }
        }
        else if (paths.Length > 0)
        {
            Paths(call, paths, hasSource: options.Operands.Count > 0);
        }
        else if (options.Operands is [var one] && (one.Text is "." || call.Exists(one) == true))
        {
            Paths(call, [one], hasSource: false);
        }
        else if (options.Operands.Count > 1)
        {
            bool hasSource = call.Exists(options.Operands[0]) != true;
            Paths(call, options.Operands.Skip(hasSource ? 1 : 0), hasSource);
        }
        else
        {
            call.Tree();
            call.Index();
        }
    }

    // From a commit they go through the index, which has them afterwards.
    private static void Paths(Call call, IEnumerable<Argument> paths, bool hasSource)
    {
        Overwrite(call, paths);
        if (hasSource)
        {
            call.Index();
        }
    }

    private static void Restore(Call call)
    {
        Options options = Options.Read(call.Arguments, "s source conflict pathspec-from-file");
        bool isStaged = options.Has("S staged");
        if (isStaged)
        {
            call.Index();
        }

        if (options.Has("pathspec-from-file"))
        {
            call.Tree();
        }

        if (!isStaged || options.Has("W worktree"))
        {
            Overwrite(call, options.Operands);
        }
    }

    private static void Reset(Call call)
    {
        call.Index();
        if (Options.Read(call.Arguments).Has("hard merge keep"))
        {
            call.Tree();
        }
    }

    private static void Remove(Call call)
    {
        Options options = Options.Read(call.Arguments, "pathspec-from-file");
        if (options.Has("n dry-run"))
        {
            return;
        }

        call.Index();
        if (!options.Has("cached"))
        {
            Change(call, ChangeKind.Delete, options.Operands);
        }
    }

    private static void Move(Call call)
    {
        if (!Options.Read(call.Arguments).Has("n dry-run"))
        {
            call.Index();
            call.Run([Argument.Of("mv"), .. call.Arguments.Where(argument => argument.Text is not ("-k" or "-v"))]);
        }
    }
}
