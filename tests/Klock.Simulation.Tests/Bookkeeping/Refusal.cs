using Klock.Kernel.Conflicts;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>A request that was refused at once, with WAIT or DIE.</summary>
internal sealed record Refusal(BookSession Session, Want First, Verdict Verdict, long AtMs);
