using Klock.Agents.Changes;
using Klock.Agents.Shell.Findings;

namespace Klock.Agents.Shell.Verbs;

/// <summary>What reads one command of the table: it looks at the arguments and adds what is written to the call.</summary>
internal delegate void Verb(Call call);

/// <summary>One command that is run, and what it turns out to write.</summary>
/// <param name="Name">The program, without its folder.</param>
/// <param name="Arguments">What follows its name.</param>
/// <param name="Folder">Where it runs; null when that cannot be known.</param>
/// <param name="Input">What it reads from standard input, where that stands in the text itself; else null.</param>
/// <param name="Context">What is the same for all commands of a text.</param>
internal sealed record Call(string Name, IReadOnlyList<Argument> Arguments, string? Folder, string? Input, CallContext Context)
{
    /// <summary>The first argument; without any, one that is unknown and empty.</summary>
    public Argument First => Arguments.Count > 0 ? Arguments[0] : default;

    /// <summary>Says that a file is changed. A path that cannot be known is said to be unknown.</summary>
    public void Change(ChangeKind kind, Argument path, bool isTree = false)
    {
        if (Resolve(path) is { } resolved)
        {
            Context.Found.Add(new FileChange(resolved, kind, IsTree: isTree));
        }
    }

    /// <summary>Says so of several.</summary>
    public void ChangeAll(ChangeKind kind, IEnumerable<Argument> paths, bool isTree = false)
    {
        foreach (Argument path in paths)
        {
            Change(kind, path, isTree);
        }
    }

    /// <summary>Says that a file, or what a tool finds in a folder, is changed in place.</summary>
    public void EditAll(IEnumerable<Argument> paths)
    {
        foreach (Argument path in paths)
        {
            Change(ChangeKind.Edit, path, isTree: IsFolder(path) ?? (path.Text is "." or ".." || path.Text?.EndsWith('/') == true));
        }
    }

    /// <summary>Says that a file gets another name.</summary>
    public void Rename(Argument from, Argument to)
    {
        string? before = Resolve(from);
        string? after = Resolve(to);
        bool isTree = IsFolder(from) == true;
        if (before is not null && after is not null)
        {
            Context.Found.Add(new FileChange(before, ChangeKind.Rename, after, isTree));
        }
        else if (before is not null)
        {
            Context.Found.Add(new FileChange(before, ChangeKind.Delete, IsTree: isTree));
        }
        else if (after is not null)
        {
            Context.Found.Add(new FileChange(after, ChangeKind.Overwrite));
        }
    }

    /// <summary>Says that the text of files is shown. What cannot be known is left out.</summary>
    public void ReadAll(IEnumerable<Argument> paths)
    {
        foreach (Argument path in paths)
        {
            if (path.Text is { Length: > 0 } text && LexicalPath.Resolve(Folder, text) is { } resolved)
            {
                Context.Found.Read(resolved);
            }
        }
    }

    /// <summary>Says that there may be more.</summary>
    public void Unknown(string reason) => Context.Found.Unknown(reason);

    /// <summary>Says that the whole work tree is changed.</summary>
    public void Tree() => Context.Found.Tree(RepositoryFolder());

    /// <summary>Says that git's index or HEAD is changed.</summary>
    public void Index() => Context.Found.Index(RepositoryFolder());

    /// <summary>Whether it is a folder; null when that cannot be known.</summary>
    public bool? IsFolder(Argument path) =>
        path.Text is { Length: > 0 } text && LexicalPath.Resolve(Folder, text) is { } resolved ? Context.Files?.IsFolder(resolved) : null;

    /// <summary>Whether it is there; null when that cannot be known.</summary>
    public bool? Exists(Argument path) =>
        path.Text is { Length: > 0 } text && LexicalPath.Resolve(Folder, text) is { } resolved ? Context.Files?.Exists(resolved) : null;

    /// <summary>Reads a command that this one runs, in the same folder.</summary>
    public void Run(IEnumerable<Argument> command) => Context.Runner.Run([.. command], Folder, Input);

    // An empty path is none. Of a path that is not known the reason is reported.
    private string? Resolve(Argument path)
    {
        if (path.Text is null)
        {
            Unknown($"{Name}: what {path.Source} stands for is not known");
            return null;
        }

        string? resolved = path.Text.Length == 0 ? null : LexicalPath.Resolve(Folder, path.Text);
        if (resolved is null && path.Text.Length > 0)
        {
            Unknown($"{Name} {path.Text}: the folder in which it runs is not known");
        }

        return resolved;
    }

    // Of an unknown folder: the one in which the text began is the likely one.
    private string RepositoryFolder()
    {
        if (Folder is null)
        {
            Unknown($"{Name}: the folder in which it runs is not known");
        }

        return Folder ?? Context.Start;
    }
}
