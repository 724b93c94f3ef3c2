using System.Text;
using Klock.Agents.Processes;

namespace Klock.Agents.Content;

/// <summary>Which files git ignores.</summary>
internal static class GitIgnored
{
    /// <summary>
    /// Those of some files that git ignores; none where git cannot say. A tracked file is not ignored, whatever the rules are.
    /// </summary>
    /// <param name="top">The top of their work tree; null for none.</param>
    /// <param name="paths">Their absolute paths.</param>
    public static HashSet<string> Among(string? top, IReadOnlyList<string> paths)
    {
        if (top is null)
        {
            return [];
        }

        try
        {
            byte[] ignored = GitProgram.RunWith(string.Join('\0', paths), top, "check-ignore", "-z", "--stdin").Output;
            return [.. Encoding.UTF8.GetString(ignored).Split('\0')];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
