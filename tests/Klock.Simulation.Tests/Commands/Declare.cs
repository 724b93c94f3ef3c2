using Klock.Kernel;
using Klock.Kernel.Conflicts;
using Klock.Simulation.Tests.Bookkeeping;

namespace Klock.Simulation.Tests.Commands;

/// <summary>Asks for a verdict and acquires nothing (KLIS-5).</summary>
internal sealed class Declare(long atMs, BookSession session, Want[] wants) : Command(atMs)
{
    private ConflictSet? _conflicts;

    public override void Send(LeaseTable table)
    {
        Intent[] intents = [.. wants.Select(want => new Intent(want.Predicate, want.Place.Resource))];
        _conflicts = table.Declare(session.Agent.Id, session.Id, intents, AtMs);
        Answer = $"{_conflicts.Verdict}";
    }

    public override List<Own> Check(Book book, Rule rule)
    {
        Conflicts.Check(_conflicts!, book.NowMs, rule.Judge(session, wants), rule, book);
        return [];
    }

    protected override string Describe() => $"{session} {string.Join(" + ", wants)}";
}
