using System.Globalization;
using System.Text;
using Klock.Agents.Leases;
using Klock.Agents.Policy;
using Klock.Agents.Shell;
using Klock.Client.Files;

namespace Klock.Agents.Commits;

/// <summary>What whoever commits gets to read.</summary>
/// <param name="isPerson">Whether it is a person, who is warned; an agent is refused.</param>
/// <param name="prefix">The folder that git was started in, from the top of the work tree; empty for the top.</param>
/// <param name="index">How the commit was made, which says how a file is left out of it.</param>
internal sealed class CommitText(bool isPerson, string prefix, CommitIndex index)
{
    /// <summary>Somebody else committed while this commit waited for git's index: git would not add it to that any more.</summary>
    public const string Overtaken =
        "klock: the commit was refused: another commit was made while it waited for git's index. Nothing was committed. Commit again.";

    // A longer command helps nobody; what it has to name then is everything.
    private const int MostNames = 100;
    private const int MostLines = 20;

    /// <summary>Files of other agents are in it.</summary>
    /// <param name="others">Those.</param>
    /// <param name="all">All files of the commit.</param>
    public string OthersFiles(IReadOnlyList<OthersFile> others, IReadOnlyList<StagedFile> all)
    {
        var text = new StringBuilder();
        text.AppendLine(isPerson
            ? $"klock: warning: this commit takes in what agents are still working on ({Count(others.Count)}):"
            : $"klock: the commit was refused: it takes in what other agents are working on ({Count(others.Count)}):");
        foreach (OthersFile other in others.Take(MostLines))
        {
            text.AppendLine($"  {Line(other)}");
        }

        if (others.Count > MostLines)
        {
            text.AppendLine($"  and {Count(others.Count - MostLines)} more");
        }

        if (isPerson)
        {
            return text.Append("It goes on, since a person commits.").ToString();
        }

        foreach (string line in Remedy(others, all))
        {
            text.AppendLine(line);
        }

        return text.Append("Their agents commit them; what is only held is free when they are done. Nothing was committed.")
            .ToString();
    }

    /// <summary>Somebody else has git's index.</summary>
    public static string IndexInUse(AcquireAnswer refusal, long waitedMs)
    {
        string who = refusal.Obstacles.Count == 0 ? "another agent"
            : string.Join(", ", refusal.Obstacles.Select(obstacle => obstacle.AgentId).Distinct().Take(3));
        string waited = waitedMs >= 1000 ? string.Create(CultureInfo.InvariantCulture, $", also after {waitedMs / 1000} s of waiting") : "";
        return $"klock: the commit was refused: git's index is in use by {who}{waited}. Nothing was committed. "
            + "Commit again a little later.";
    }

    private static string Line(OthersFile other)
    {
        string since = other.SinceMs is { } ms ? Messages.Clock(ms) : "";
        string note = other.Note is { Length: > 0 } said ? $" ({said})" : "";
        string what = other.IsHeld ? $"{other.Agent} holds it{(since.Length > 0 ? $" since {since}" : "")}{note}"
            : $"{other.Agent} changed it at {since} and has not committed it";
        return Visible($"{other.File.Name}: {what}");
    }

    private IEnumerable<string> Remedy(IReadOnlyList<OthersFile> others, IReadOnlyList<StagedFile> all)
    {
        HashSet<string> names = [.. others.Select(other => other.File.Name)];
        string[] own = [.. all.Select(file => file.Name).Where(name => !names.Contains(name))];
        bool canBeListed = names.Count <= MostNames && names.All(IsPrintable);
        string files = canBeListed ? string.Join(' ', names.Select(Argument)) : ":/";
        return index switch
        {
            CommitIndex.Temporary when own.Length == 0 => ["All of it is theirs: leave it to them."],
            CommitIndex.Temporary => own.Length <= MostNames && own.All(IsPrintable)
                ? ["Commit only what is yours:", $"  git commit -- {string.Join(' ', own.Select(Argument))}"]
                : ["Name in the commit only what is yours: git commit -- FILES"],
            CommitIndex.First => ["Take them out, then commit what is yours:", $"  git rm -r -q --cached -- {files}"],
            _ => ["Take them out, then commit what is yours:", $"  git restore --staged -- {files}"],
        };
    }

    // From the folder in which git was started, and taken by git for a name and not for a pattern.
    private string Argument(string name)
    {
        string path = prefix.Length == 0 ? name : PathInFolder.NameOf(Path.Combine("/", prefix), Path.Combine("/", name));
        return ShellWord.Of(path.AsSpan().IndexOfAny("*?[\\") >= 0 || path.StartsWith(':') ? $":(literal){path}" : path);
    }

    private static bool IsPrintable(string name) => !name.Any(c => char.IsControl(c) || c == '\uFFFD');

    private static string Visible(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    private static string Count(int files) => string.Create(CultureInfo.InvariantCulture, $"{files} file{(files == 1 ? "" : "s")}");
}
