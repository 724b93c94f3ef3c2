using System.Globalization;
using System.Text;

namespace Klock.Agents.Processes;

/// <summary>The environment variables that the processes above this one were started with (Linux; elsewhere none are known).</summary>
internal static class AncestorVariables
{
    // A client, its shells and wrappers, the client within, and its shells.
    private const int MostLevels = 24;

    /// <summary>Of variables that this process has, the one that was set last: in the process nearest to this one.</summary>
    /// <param name="variables">Names and values, two at least; the first of them where nothing can be found out.</param>
    /// <returns>The name.</returns>
    public static string Latest(IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        foreach (int process in ClientProcess.Ancestors().Take(MostLevels))
        {
            if (Read(process) is not { } set)
            {
                continue; // of another user; those above it still tell
            }

            // Whoever lacks one is above the process that set it.
            foreach (KeyValuePair<string, string> variable in variables)
            {
                if (!set.Contains($"{variable.Key}={variable.Value}"))
                {
                    return variable.Key;
                }
            }
        }

        return variables[0].Key;
    }

    // proc_pid_environ(5): as it was at the start; each entry ends with a zero byte.
    private static HashSet<string>? Read(int process)
    {
        try
        {
            byte[] text = File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/environ"));
            return [.. Encoding.UTF8.GetString(text).Split('\0')];
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
