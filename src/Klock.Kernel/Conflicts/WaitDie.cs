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
    /// <summary>The verdict against one session; against several the worst of theirs counts.</summary>
    public static Verdict Against(Session inTheWay, Session requester) =>
        requester.CompareSeniority(inTheWay) < 0 ? Verdict.Wait : Verdict.Die;
}
