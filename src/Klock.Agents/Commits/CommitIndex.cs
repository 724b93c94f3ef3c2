namespace Klock.Agents.Commits;

/// <summary>Which index git commits from.</summary>
internal enum CommitIndex
{
    /// <summary>The index, as it was staged: nothing of git is locked while hooks run.</summary>
    Staged,

    /// <summary>The index of a repository that has no commit yet.</summary>
    First,

    /// <summary>
    /// One that git made for this commit (<c>commit -a</c>, <c>commit FILE</c>), and the real one is locked until it is done.
    /// </summary>
    Temporary,
}
