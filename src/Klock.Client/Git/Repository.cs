using Klock.Client.Files;

namespace Klock.Client.Git;

/// <summary>The repository that a file belongs to; for a file of a submodule the outermost superproject.</summary>
/// <param name="Root">The top of its work tree, which names count from; null for a bare repository.</param>
/// <param name="Common">The folder that all its work trees share; a real path.</param>
/// <param name="WorkTree">The top of the work tree that the file itself is in: <paramref name="Root"/>, or a submodule's.</param>
/// <param name="Name">The path of <paramref name="WorkTree"/> relative to <paramref name="Root"/>; empty if they are the same.</param>
/// <param name="IsLinked">Whether the file is in a linked work tree (<c>git worktree add</c>), be it one of a submodule.</param>
/// <remarks>A second work tree of a submodule has the name of the first, so that they agree.</remarks>
internal sealed record Repository(string? Root, string Common, string WorkTree, string Name, bool IsLinked = false)
{
    /// <summary>The name of a file in the work tree.</summary>
    /// <param name="real">Its real path.</param>
    public string NameOf(string real)
    {
        if (Root is null)
        {
            return real;
        }

        string inside = PathInFolder.NameOf(WorkTree, real);
        return Name.Length == 0 ? inside : inside == "." ? Name : $"{Name}/{inside}";
    }
}
