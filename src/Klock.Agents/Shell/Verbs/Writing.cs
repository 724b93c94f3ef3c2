using Klock.Agents.Changes;
using Klock.Agents.Shell.Findings;

namespace Klock.Agents.Shell.Verbs;

/// <summary>Commands whose operands, or the value of one option, are the files that they make, fill or remove.</summary>
internal static class Writing
{
    /// <summary>The commands.</summary>
    public static IEnumerable<(string Names, Verb Verb)> Verbs =>
    [
        ("rm grm unlink shred trash", Remove),
        ("rmdir", call => call.ChangeAll(ChangeKind.Delete, Options.Read(call.Arguments).Operands)),
        ("touch gtouch", Touch),
        ("truncate", call => call.ChangeAll(ChangeKind.Overwrite, Options.Read(call.Arguments, "s r size reference").Operands)),
        ("tee gtee", Tee),
        ("sponge", Tee),
        ("dd", DiskDump),
        ("sort gsort", call => Output(call, "o output", "o k t S T output key field-separator buffer-size temporary-directory")),
        ("uniq", call => call.ChangeAll(ChangeKind.Overwrite, Options.Read(call.Arguments, "f s w").Operands.Skip(1))),
        ("gcc g++ cc c++ clang clang++ rustc pandoc dot ld as", call => Output(call, "o output", "o output x I L D f t")),
        ("curl", Curl),
        ("wget", call => Output(call, "O output-document", "O P o output-document directory-prefix header user-agent")),
    ];

    private static void Remove(Call call)
    {
        Options options = Options.Read(call.Arguments);
        bool isDeep = options.Has("r R recursive") || call.Name == "trash";
        foreach (Argument path in options.Operands)
        {
            call.Change(ChangeKind.Delete, path, isTree: isDeep && call.IsFolder(path) != false);
        }
    }

    // A time that is set is no content that is changed: what counts is that the file is there afterwards.
    private static void Touch(Call call)
    {
        Options options = Options.Read(call.Arguments, "d t r date reference time");
        if (!options.Has("c no-create"))
        {
            call.ChangeAll(ChangeKind.Create, options.Operands);
        }
    }

    private static void Tee(Call call)
    {
        Options options = Options.Read(call.Arguments);
        call.ChangeAll(options.Has("a append") ? ChangeKind.Edit : ChangeKind.Overwrite, options.Operands);
    }

    private static void DiskDump(Call call)
    {
        foreach (Argument argument in call.Arguments)
        {
            if (argument.Source.StartsWith("of=", StringComparison.Ordinal))
            {
                call.Change(ChangeKind.Overwrite, argument with { Text = argument.Text?[3..] });
            }
        }
    }

    private static void Output(Call call, string names, string values)
    {
        foreach (Argument path in Options.Read(call.Arguments, values).Values(names))
        {
            if (path.Text != "-")
            {
                call.Change(ChangeKind.Overwrite, path);
            }
        }
    }

    private static void Curl(Call call)
    {
        Options options = Options.Read(call.Arguments, "o X H d F u A e b c T K D w m output request header data form user-agent");
        call.ChangeAll(ChangeKind.Overwrite, options.Values("o output").Where(path => path.Text != "-"));
        if (options.Has("O remote-name"))
        {
            foreach (Argument address in options.Operands)
            {
                call.Change(ChangeKind.Overwrite,
                    address with { Text = address.Text?.Split('?', '#')[0] is { } text ? LexicalPath.Name(text) : null });
            }
        }
    }
}
