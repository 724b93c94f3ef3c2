using Klock.Kernel.Claims;

namespace Klock.Kernel.Conflicts;

/// <summary>
/// What a session must do about another one in its way (SPEC KLIS-3): who is older may wait, who is younger must give way. So all waits run
/// from older to younger, and none closes a cycle.
/// </summary>
/// <remarks>Rosenkrantz, Stearns, Lewis: System Level Concurrency Control for Distributed Database Systems, TODS 3(2), 1978, section 4.
/// </remarks>
internal static class WaitDie
{
    /// <summary>
    /// The verdict once one more session is in the way: older than all of them is <c>WAIT</c>, younger than any
    /// is <c>DIE</c>, so the worst counts.
    /// </summary>
    /// <param name="soFar">The verdict against those before.</param>
    /// <param name="inTheWay">One more.</param>
    /// <param name="requester">Whose request it is.</param>
    public static Verdict Against(Verdict soFar, Session inTheWay, Session requester)
    {
        Verdict needed = requester.CompareSeniority(inTheWay) < 0 ? Verdict.Wait : Verdict.Die;
        return needed > soFar ? needed : soFar;
    }
}
