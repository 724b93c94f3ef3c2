using Klock.Agents.Changes;

namespace Klock.Agents.Shell.Verbs;

/// <summary>Archives: what they unpack is known by the folder only.</summary>
internal static class Archives
{
    /// <summary>The commands.</summary>
    public static IEnumerable<(string Names, Verb Verb)> Verbs =>
    [
        ("tar gtar bsdtar", Tar),
        ("unzip", Unzip),
        ("zip", call => call.ChangeAll(ChangeKind.Overwrite, Options.Read(call.Arguments, "x i b n t P").Operands.Take(1))),
        ("7z 7za 7zz", SevenZip),
        ("gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd", Compress),
    ];

    private static void Tar(Call call)
    {
        // "tar xf a.tar": the old form, without a dash.
        IReadOnlyList<Argument> arguments = call.Arguments;
        if (arguments is [{ Text: { Length: > 0 } first }, ..] && first[0] != '-')
        {
            arguments = [Argument.Of("-" + first), .. arguments.Skip(1)];
        }

        Options options = Options.Read(arguments, "f C T X b directory file exclude exclude-from strip-components transform");
        if (options.Has("x extract get"))
        {
            if (!options.Has("O to-stdout"))
            {
                Unpack(call, options.Value("C directory"));
            }
        }
        else if (options.Has("c create r append u update A delete") && options.Value("f file") is { Text: not "-" } archive)
        {
            call.Change(ChangeKind.Overwrite, archive);
        }

        if (options.Has("remove-files"))
        {
            call.Unknown("tar: which files it removes is not known");
        }
    }

    private static void Unzip(Call call)
    {
        Options options = Options.Read(call.Arguments, "d x P");
        if (!options.Has("l t p v Z z c"))
        {
            Unpack(call, options.Value("d"));
        }
    }

    private static void SevenZip(Call call)
    {
        Options options = Options.Read(call.Arguments, "o?");
        if (options.Operands is [{ Text: "x" or "e" }, ..])
        {
            Unpack(call, options.Value("o"));
        }
        else if (options.Operands is [{ Text: "a" or "u" or "d" }, var archive, ..])
        {
            call.Change(ChangeKind.Overwrite, archive);
        }
    }

    private static void Unpack(Call call, Argument? folder) => call.Change(ChangeKind.Overwrite, folder ?? Argument.Of("."), isTree: true);

    private static void Compress(Call call)
    {
        Options options = Options.Read(call.Arguments, "S suffix T o");
        if (options.Has("c stdout to-stdout l list t test"))
        {
            return;
        }

        bool isBack = call.Name.Contains("un", StringComparison.Ordinal) || options.Has("d decompress uncompress");
        string ending = call.Name.Contains("gz", StringComparison.Ordinal) || call.Name == "gunzip" ? ".gz"
            : call.Name.StartsWith('b') ? ".bz2" : call.Name.Contains("zst", StringComparison.Ordinal) ? ".zst" : ".xz";
        bool keeps = options.Has("k keep") || ending == ".zst";
        foreach (Argument file in options.Operands)
        {
            string? other = file.Text is null ? null : !isBack ? file.Text + ending
                : file.Text.EndsWith(ending, StringComparison.Ordinal) ? file.Text[..^ending.Length] : file.Text;
            call.Change(ChangeKind.Overwrite, file with { Text = other });
            if (!keeps && file.Text is not null)
            {
                call.Change(ChangeKind.Delete, file);
            }
        }
    }
}
