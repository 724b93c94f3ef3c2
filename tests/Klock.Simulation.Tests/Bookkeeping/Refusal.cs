using Klock.Kernel.Conflicts;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>A request that was told to wait or to give way at once.</summary>
internal sealed record Refusal(BookSession Session, Want First, Verdict Verdict, long AtMs);
