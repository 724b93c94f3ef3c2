using System.Globalization;
using System.Text;

namespace Klock.Storage.Sqlite.Database;

/// <summary>The mounts that this process sees (proc_pid_mountinfo(5)).</summary>
/// <remarks>A line: id, parent, device, root, mount point, options, optional fields, "-", type, source, more options.</remarks>
internal static class MountTable
{
    private const int MountPointField = 4;

    /// <summary>The type of the file system of a mount, as <c>mount</c> names it; null when it is unknown.</summary>
    public static string? TypeOf(ulong id)
    {
        string start = id.ToString(CultureInfo.InvariantCulture) + " ";
        return Lines().FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal)) is { } line ? TypeIn(line) : null;
    }

    /// <summary>Whether something is mounted at a path, which has no links in it.</summary>
    public static bool HasMountPoint(string realPath) =>
        Lines().Any(line => line.Split(' ') is { Length: > MountPointField } fields && Unescape(fields[MountPointField]) == realPath);

    /// <summary>The type in one line of the table.</summary>
    public static string TypeIn(string line) => line[(line.IndexOf(" - ", StringComparison.Ordinal) + 3)..].Split(' ')[0];

    private static string[] Lines()
    {
        try
        {
            return File.ReadAllLines("/proc/self/mountinfo");
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // Blanks, tabs, line feeds and backslashes are written as \ and three octal digits, of UTF-8 bytes.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        var text = new StringBuilder(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            bool isEscaped = field[i] == '\\' && i + 3 < field.Length;
            text.Append(isEscaped ? (char)Convert.ToInt32(field.Substring(i + 1, 3), 8) : field[i]);
            i += isEscaped ? 3 : 0;
        }

        return text.ToString();
    }
}
