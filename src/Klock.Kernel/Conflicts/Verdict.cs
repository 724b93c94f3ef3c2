namespace Klock.Kernel.Conflicts;

/// <summary>The answer of Wait-Die (KLIS-3), ordered from best to worst.</summary>
public enum Verdict : byte
{
    /// <summary>Nothing is in the way.</summary>
    Grant = 0,

    /// <summary>The requester is older than every session in its way, and may wait for them.</summary>
    Wait = 1,

    /// <summary>The requester is younger than a session in its way, and must give way.</summary>
    Die = 2,
}
