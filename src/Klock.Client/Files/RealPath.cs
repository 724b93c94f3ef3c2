using Klock.Coordinator.Protocol;

namespace Klock.Client.Files;

/// <summary>The path of a file without symbolic links in it, also of a file that does not exist yet.</summary>
/// <remarks>Like realpath(3), which refuses what does not exist; an agent asks about the file it is going to create.</remarks>
public static class RealPath
{
    // Linux has the same limit (path_resolution(7)): more than that is a cycle.
    private const int LongestChain = 40;

    /// <summary>Resolves an absolute path.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: its links form a cycle.</exception>
    /// <exception cref="IOException">A part of it cannot be read.</exception>
    public static string Resolve(string absolute)
    {
        ArgumentNullException.ThrowIfNull(absolute);
        string real = RootOf(absolute);
        var rest = new Stack<string>(Parts(absolute[real.Length..]));
        int links = 0;
        while (rest.TryPop(out string? part))
        {
            string next = part == ".." ? Path.GetDirectoryName(real) ?? real : Path.Combine(real, SpellingOnDisk.Of(real, part));
            if (part == ".." || FileFacts.Of(next, follows: false)?.Kind != FileKind.Link
                || new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > LongestChain)
            {
                throw new KlockException(ErrorCode.InvalidRequest, "path leads through symbolic links that run in a circle.");
            }

            if (Path.IsPathRooted(target))
            {
                real = RootOf(target);
                target = target[real.Length..];
            }

            foreach (string piece in Parts(target))
            {
                rest.Push(piece);
            }
        }

        return real;
    }

    // Windows takes c:\ and C:\ for the same.
    private static string RootOf(string path)
    {
        string root = Path.GetPathRoot(path)!;
        return OperatingSystem.IsWindows() && root.Length > 1 && root[1] == ':' ? char.ToUpperInvariant(root[0]) + root[1..] : root;
    }

    // The last part first, in which order they are pushed on a stack.
    private static IEnumerable<string> Parts(string path) =>
        path.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Where(part => part is not ("" or ".")).Reverse();
}
