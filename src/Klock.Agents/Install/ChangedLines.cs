using System.Text;

namespace Klock.Agents.Install;

/// <summary>What changes in a file, line by line: what is taken out and what is put in.</summary>
internal static class ChangedLines
{
    /// <summary>The lines between the first and the last that differ, with a minus or a plus before each.</summary>
    public static IEnumerable<string> Of(PlannedFile file)
    {
        string[] before = Lines(file.Before), after = Lines(file.After);
        int start = 0;
        while (start < before.Length && start < after.Length && before[start] == after[start])
        {
            start++;
        }

        int end = 0;
        while (end < before.Length - start && end < after.Length - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        return [.. before[start..^end].Select(line => $"- {line}"), .. after[start..^end].Select(line => $"+ {line}")];
    }

    private static string[] Lines(byte[]? bytes) => bytes is null ? [] : Encoding.UTF8.GetString(bytes).TrimEnd('\n').Split('\n');
}
