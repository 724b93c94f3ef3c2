namespace Klock.Agents.Shell.Verbs;

/// <summary>All commands that are understood, by their names. Read only, so that threads may share it.</summary>
internal static class VerbTable
{
    private static readonly Dictionary<string, Verb> _verbs = Make();

    /// <summary>Finds what a command writes. One that is not in the table is reported as unknown.</summary>
    public static void Read(Call call)
    {
        if (_verbs.TryGetValue(call.Name, out Verb? verb))
        {
            verb(call);
        }
        else if (call.Arguments is not [{ Text: "--version" or "--help" }])
        {
            call.Unknown($"what {call.Name} writes is not known");
        }
    }

    private static Dictionary<string, Verb> Make()
    {
        Dictionary<string, Verb> verbs = [];
        foreach ((string names, Verb verb) in (IEnumerable<(string, Verb)>)
            [
                .. Readers.Verbs, .. Writing.Verbs, .. Placing.Verbs, .. InPlace.Verbs, .. Patching.Verbs, .. Archives.Verbs,
                .. Formatters.Verbs, .. Wrappers.Verbs, .. Launchers.Verbs, .. Shells.Verbs, .. Git.Verbs,
            ])
        {
            foreach (string name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                verbs.TryAdd(name, verb);
            }
        }

        return verbs;
    }
}
