using Klock.Agents.Changes;

namespace Klock.Agents.Shell.Verbs;

/// <summary>Editors of streams and of lines, where they change files in place.</summary>
internal static class InPlace
{
    /// <summary>The commands.</summary>
    public static IEnumerable<(string Names, Verb Verb)> Verbs =>
    [
        ("sed gsed", Sed),
        ("perl ruby", Perl),
        ("awk gawk mawk nawk", Awk),
        ("yq", call => Flagged(call, "i inplace in-place", script: 1)),
        ("sd", call => call.EditAll(Options.Read(call.Arguments, "f n max-replacements flags").Operands.Skip(2))),
        ("ed red", call => call.ChangeAll(ChangeKind.Edit, Options.Read(call.Arguments, "p prompt").Operands)),
        ("ex vi vim nvim nano emacs pico", Editor),
    ];

    private static void Sed(Call call)
    {
        Options options = Options.Read(call.Arguments, "e f l i? expression file line-length");
        List<Argument> files = [.. options.Operands];
        bool hasScript = options.Has("e f expression file");
        if (!options.Has("i in-place"))
        {
            call.ReadAll(files.Skip(hasScript ? 0 : 1));
            return;
        }

        string suffix = options.Value("i in-place")?.Text ?? "";
        // BSD's -i takes the next argument as the suffix: an empty one, or one that looks like an ending where a script would stand.
        bool isBsd = suffix.Length == 0 && files is [{ Text: { } first }, ..]
            && (first.Length == 0 || (first[0] == '.' && first.Length < 8
                && first.AsSpan(1).IndexOfAnyExceptInRange('0', 'z') < 0 && files.Count > 2));
        if (isBsd)
        {
            suffix = files[0].Text!;
            files.RemoveAt(0);
        }

        foreach (Argument file in files.Skip(hasScript ? 0 : 1))
        {
            EditKeeping(call, file, suffix);
        }
    }

    private static void EditKeeping(Call call, Argument file, string suffix)
    {
        call.Change(ChangeKind.Edit, file);
        if (suffix.Length > 0 && file.Text is { } name)
        {
            call.Change(ChangeKind.Overwrite, Argument.Of(suffix.Contains('*', StringComparison.Ordinal)
                ? suffix.Replace("*", name, StringComparison.Ordinal) : name + suffix));
        }
    }

    // Its switches have numbers and endings attached, which getopt would take for further switches.
    private static void Perl(Call call)
    {
        string? suffix = null;
        bool hasScript = false;
        int at = 0;
        for (; at < call.Arguments.Count && call.Arguments[at].Text is { Length: > 1 } text && text[0] == '-'; at++)
        {
            for (int i = 1; i < text.Length; i++)
            {
                char c = text[i];
                hasScript |= c is 'e' or 'E';
                suffix = c == 'i' ? text[(i + 1)..] : suffix;
                at += c is 'e' or 'E' or 'I' && i == text.Length - 1 ? 1 : 0;
                if (c is 'i' or 'e' or 'E' or 'I' or 'M' or 'm' or 'F' or 'C' or 'D' or 'x' or 'd' or 'r' or '-')
                {
                    break;
                }
            }
        }

        if (suffix is null || !hasScript)
        {
            call.Unknown($"{call.Name}: what its program writes is not known");
        }

        foreach (Argument file in suffix is null ? [] : call.Arguments.Skip(hasScript ? at : at + 1))
        {
            EditKeeping(call, file, suffix!);
        }
    }

    private static void Awk(Call call)
    {
        Options options = Options.Read(call.Arguments, "f v F i e l include file assign field-separator source", isPrefix: true);
        IEnumerable<Argument> files = options.Has("f file e source") ? options.Operands : options.Operands.Skip(1);
        if (options.Values("i include").Any(include => include.Text == "inplace"))
        {
            call.ChangeAll(ChangeKind.Edit, files.Where(file => file.Text?.Contains('=', StringComparison.Ordinal) != true));
        }
        else if (options.Has("f file") || options.Operands is not [{ Text: { } script }, ..] || script.IndexOfAny(['>', '|']) >= 0
            || script.Contains("system", StringComparison.Ordinal))
        {
            call.Unknown($"{call.Name}: what its program writes is not known");
        }
    }

    private static void Flagged(Call call, string flags, int script)
    {
        Options options = Options.Read(call.Arguments);
        if (options.Has(flags))
        {
            // "yq eval -i": the word for what it does stands before its program.
            int skipped = script + (options.Operands is [{ Text: "eval" or "e" or "eval-all" or "ea" }, ..] ? 1 : 0);
            call.ChangeAll(ChangeKind.Edit, options.Operands.Skip(skipped));
        }
    }

    private static void Editor(Call call)
    {
        Options options = Options.Read(call.Arguments, "c S u cmd eval l load f");
        if (!options.Has("R M version help"))
        {
            call.ChangeAll(ChangeKind.Edit, options.Operands.Where(operand => operand.Text?.StartsWith('+') != true));
        }
    }
}
