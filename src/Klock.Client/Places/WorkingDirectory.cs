using Klock.Client.Files;
using Klock.Coordinator.Protocol;

namespace Klock.Client.Places;

/// <summary>The working directory of a process. It may have been deleted meanwhile.</summary>
/// <param name="Path">Its absolute path; after its deletion the one it had.</param>
/// <param name="IsGone">Whether it was deleted.</param>
public sealed record WorkingDirectory(string Path, bool IsGone)
{
    // proc_pid_cwd(5).
    private const string Link = "/proc/self/cwd";
    private const string Removed = " (deleted)";

    /// <summary>The nearest existing folder on the way up: the place of questions about no file.</summary>
    internal string Nearest
    {
        get
        {
            string folder = Path;
            while (IsGone && FileFacts.Of(folder) is null && System.IO.Path.GetDirectoryName(folder) is { } above)
            {
                folder = above;
            }

            return folder;
        }
    }

    /// <summary>This process's.</summary>
    public static WorkingDirectory Current()
    {
        try
        {
            return new WorkingDirectory(Environment.CurrentDirectory, IsGone: false);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            string path = new FileInfo(Link).LinkTarget ?? "/";
            return new WorkingDirectory(path.EndsWith(Removed, StringComparison.Ordinal) ? path[..^Removed.Length] : path, IsGone: true);
        }
    }

    /// <summary>A path from here, made absolute; null stands for this folder itself, or the nearest existing one.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: it is relative, and this folder was deleted.</exception>
    internal string Absolute(string? path) =>
        path is null ? Nearest
        : System.IO.Path.IsPathRooted(path) || !IsGone ? System.IO.Path.Combine(Path, path)
        : throw new KlockException(
            ErrorCode.InvalidRequest,
            $"path is relative, and the working directory {Path} was removed: it must be absolute, or cwd must be an absolute path.");
}
