using Klock.Agents.Changes;
using Klock.Agents.Patches;

namespace Klock.Agents.Shell.Verbs;

/// <summary>Patches: <c>patch</c> with a difference, <c>apply_patch</c> with Codex' format.</summary>
internal static class Patching
{
    /// <summary>The commands.</summary>
    public static IEnumerable<(string Names, Verb Verb)> Verbs =>
    [
        ("apply_patch applypatch", Codex),
        ("patch gpatch", Patch),
    ];

    private static void Codex(Call call)
    {
        if ((call.Arguments is [{ Text: { } first }, ..] ? first : call.Input) is not { } text)
        {
            call.Unknown($"{call.Name}: its patch is not known");
            return;
        }

        PatchReading patch = PatchText.Read(text);
        foreach (FileChange change in patch.Changes)
        {
            if (change.NewPath is { } to)
            {
                call.Rename(Argument.Of(change.Path), Argument.Of(to));
            }
            else
            {
                call.Change(change.Kind, Argument.Of(change.Path));
            }
        }

        if (!patch.IsUnderstood)
        {
            call.Unknown($"{call.Name}: {patch.Trouble}");
        }
    }

    private static void Patch(Call call)
    {
        Options options = Options.Read(
            call.Arguments, "p i o d D r B Y z F V strip input output directory ifdef reject-file prefix suffix fuzz");
        if (options.Has("dry-run version help"))
        {
            return;
        }

        Call inside = options.Value("d directory") is not { } folder ? call
            : call with { Folder = folder.Text is { } text ? Findings.LexicalPath.Resolve(call.Folder, text) : null };
        if ((options.Value("o output") ?? options.Operands.Cast<Argument?>().FirstOrDefault()) is { } file)
        {
            inside.Change(ChangeKind.Edit, file);
        }
        else if (call.Input is { } difference && !options.Has("i input"))
        {
            bool isStripped = int.TryParse(options.Value("p strip")?.Text, out int strip);
            inside.ChangeAll(ChangeKind.Edit, Named(difference, isStripped ? strip : int.MaxValue).Select(Argument.Of));
        }
        else
        {
            call.Unknown("patch: which files its difference names is not known");
        }
    }

    // The names on both sides: a file that is made or removed has /dev/null on the other.
    private static IEnumerable<string> Named(string difference, int strip)
    {
        foreach (string line in difference.Split('\n'))
        {
            if (line.StartsWith("--- ", StringComparison.Ordinal) || line.StartsWith("+++ ", StringComparison.Ordinal))
            {
                string path = line[4..].Split('\t')[0].Trim();
                string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
                if (path != "/dev/null" && parts.Length > 0)
                {
                    yield return string.Join('/', parts.Skip(Math.Min(strip, parts.Length - 1)));
                }
            }
        }
    }
}
