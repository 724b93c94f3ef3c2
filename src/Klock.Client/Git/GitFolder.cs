using Klock.Client.Files;
using Klock.Coordinator.Protocol;

namespace Klock.Client.Git;

/// <summary>A work tree's git directory, and the common directory that all work trees of its repository share.</summary>
/// <param name="Path">The git directory; a real path.</param>
/// <param name="Common">The common directory: the same one, but for a linked work tree. A real path.</param>
/// <remarks>By gitrepository-layout(5). A .git that is a folder counts whatever it contains.</remarks>
internal sealed record GitFolder(string Path, string Common)
{
    public const string Name = ".git";

    private const string Pointer = "gitdir:";

    /// <summary>The git directory of a folder's .git; null when it has none.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.StorageUnavailable"/>: it points to nothing, or cannot be read. The store
    /// of its repository is then unknown, and any other would be a wrong one.</exception>
    public static GitFolder? In(string folder)
    {
        string git = System.IO.Path.Combine(folder, Name);
        try
        {
            return FileFacts.Of(git) is not { } facts
                ? Dangling(git)
                : WithCommon(facts.Kind == FileKind.Folder ? RealPath.Resolve(git) : Follow(folder, git));
        }
        catch (IOException failure)
        {
            throw Unknown($"{failure.Message}");
        }
    }

    /// <summary>Adds the common directory to a git directory.</summary>
    /// <exception cref="KlockException">It is not there.</exception>
    /// <exception cref="IOException">Something cannot be read.</exception>
    public static GitFolder WithCommon(string path)
    {
        string pointer = System.IO.Path.Combine(path, "commondir");
        if (SmallFile.Read(pointer) is not { } text)
        {
            return new GitFolder(path, path);
        }

        string common = System.IO.Path.Combine(path, text.Trim());
        return new GitFolder(path, Existing(common, $"{pointer} points to"));
    }

    /// <summary>Whether a folder is a git directory, or looks like one.</summary>
    public static bool IsOne(string folder) => FileFacts.Of(System.IO.Path.Combine(folder, "HEAD"))?.Kind == FileKind.File;

    // A dangling symbolic link is not the same as no .git.
    private static GitFolder? Dangling(string git) =>
        FileFacts.Of(git, follows: false) is null ? null
        : throw Unknown($"{git} is a symbolic link to {new FileInfo(git).LinkTarget}, which is not there");

    private static string Follow(string folder, string git)
    {
        string text = SmallFile.Read(git) ?? "";
        return text.StartsWith(Pointer, StringComparison.Ordinal)
            ? Existing(System.IO.Path.Combine(folder, text[Pointer.Length..].Trim()), $"{git} points to")
            : throw Unknown($"{git} is neither a folder nor a pointer to one (gitdir: …)");
    }

    private static string Existing(string path, string who)
    {
        string real = RealPath.Resolve(path);
        return FileFacts.Of(real)?.Kind == FileKind.Folder ? real : throw Unknown($"{who} {real}, which is not there");
    }

    private static KlockException Unknown(string what) => new(
        ErrorCode.StorageUnavailable, $"{what}: without it neither the repository's store nor the names of its files are known.");
}
