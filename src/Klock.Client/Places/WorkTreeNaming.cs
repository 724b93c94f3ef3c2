using Klock.Coordinator.Protocol;

namespace Klock.Client.Places;

/// <summary>Whether a file has one name in all work trees of its repository, or files of linked ones have names of their own.</summary>
public static class WorkTreeNaming
{
    /// <summary>The variable that says so. All who share a store must agree.</summary>
    public const string Variable = "KLOCK_WORKTREES";

    /// <summary>One name in all work trees: the default.</summary>
    public const string Share = "share";

    /// <summary>Files of a linked work tree go by their absolute paths.</summary>
    public const string Separate = "separate";

    /// <summary>Whether it is <see cref="Separate"/>.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: it is no value that is allowed.</exception>
    internal static bool IsSeparate(Func<string, string?> environment) => environment(Variable) switch
    {
        null or "" or Share => false,
        Separate => true,
        { } other => throw new KlockException(ErrorCode.InvalidRequest, $"{Variable} is '{other}': it must be {Share} or {Separate}."),
    };
}
