using Klock.Simulation.Tests.Bookkeeping;

namespace Klock.Simulation.Tests.Inside;

/// <summary>SPEC, "The contract": never two active leases that conflict. Pair by pair.</summary>
internal static class Isolation
{
    public static void Check(Book book)
    {
        for (int i = 0; i < book.Leases.Count; i++)
        {
            for (int j = i + 1; j < book.Leases.Count; j++)
            {
                (BookLease one, BookLease other) = (book.Leases[i], book.Leases[j]);
                if (one.Session != other.Session && book.Universe.Clash(one.Want, other.Want))
                {
                    throw new Violation($"two active leases conflict:\n{one}\n{other}");
                }
            }
        }
    }
}
