using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Undo;

namespace Klock.Kernel;

/// <summary>Ageing (KLIS-8): whoever is parked and passed too often becomes senior, so that no busy name starves the young.</summary>
/// <remarks>
/// A session that is parked holds and queues nothing, so nobody waits for it, and it waits for nobody in a way that counts: its
/// seniority can change without turning a wait round. It is fixed from the first grant or place in the queue that it gets with it.
/// </remarks>
public sealed partial class LeaseTable
{
    /// <summary>So many conflicting grants to others that pass a parked request make its session senior.</summary>
    public const int PassesToBeSenior = 2;

    private readonly PassCounter _passCounter;

    /// <summary>Remembers a grant that passed parked requests before this table was loaded: for all that were parked before it.</summary>
    /// <param name="resource">What was granted.</param>
    /// <param name="predicate">To do what.</param>
    /// <param name="number">The grant's number. Any order of numbers will do.</param>
    /// <exception cref="InvalidOperationException">The table is tentative (<see cref="IsTentative"/>).</exception>
    public void RememberPassing(Resource resource, Predicate predicate, long number)
    {
        RequireKept();
        Pass(resource, Compatibility.Strength(predicate), number, granted: null);
    }

    /// <summary>Counts a grant, or a change that gains conflicts, with all who are parked and conflict with it.</summary>
    /// <returns>Whether there was anybody.</returns>
    private bool Pass(Lease lease) => Pass(lease.Resource, lease.Strength, lease.FencingToken, lease.Session);

    private bool Pass(Resource resource, int strength, long number, Session? granted)
    {
        if (_parked.ClaimCount == 0)
        {
            return false;
        }

        _passCounter.Begin(number, granted);
        _parked.VisitConflicts(resource, strength, _passCounter);
        return _passCounter.Any;
    }

    /// <param name="passed">Whose session becomes senior.</param>
    /// <param name="stale">A line whose winners are found anew later; null for none.</param>
    private void MakeSenior(Waiter passed, Line? stale)
    {
        if (_undo is { } undo)
        {
            undo.Note(ChangeKind.SessionAged, passed.Session).Number = passed.Session.SeniorSince;
        }

        passed.Session.SeniorSince = passed.Session.IsSenior ? Math.Min(passed.Session.SeniorSince, passed.Number) : passed.Number;
        foreach (Waiter waiter in passed.Session.Waiters)
        {
            SetElder(waiter, default);
            foreach (WaitClaim claim in waiter.Claims)
            {
                if (LineOf(claim) is { } line && line != stale)
                {
                    line.Update(claim);
                }
            }

            NoteParked(waiter);
        }
    }

    private void NoteAged(Line line, int unagedFromBefore)
    {
        if (_undo is { } undo && line.UnagedFrom != unagedFromBefore)
        {
            undo.Note(ChangeKind.LineAged, line).Number = unagedFromBefore;
        }
    }

    private void NotePassed(Waiter waiter)
    {
        if (_undo is { } undo)
        {
            ref Change change = ref undo.Note(ChangeKind.WaitPassed, waiter);
            (change.Number, change.Other) = (waiter.PassedBy, waiter.Passes);
        }
    }

    private sealed class PassCounter(LeaseTable table) : IClaimVisitor
    {
        // More than so many winners of a line are found anew all at once.
        private const int Many = 16;

        private long _number;
        private Session? _granted;

        public bool Any { get; private set; }

        // Whose grant it was need not be known of one that is remembered: its session's parked requests ended with it.
        public void Begin(long number, Session? granted)
        {
            _number = number;
            _granted = granted;
            Any = false;
        }

        public bool Visit(Claim claim)
        {
            Waiter waiter = ((WaitClaim)claim).Waiter;
            if (Count(waiter))
            {
                table.MakeSenior(waiter, stale: null);
            }

            return true;
        }

        // Who came first was passed by all that passed those behind him, so that the seniors stand in front. One grant passes a request
        // at most twice before it is senior: whoever waits long is not looked at any more.
        public bool VisitLine(Line line)
        {
            Any |= line.Count > (_granted is null ? 0 : line.CountOf(_granted));
            bool isMany = line.End - line.UnagedFrom > Many;
            bool anySenior = false;
            for (int place = line.UnagedFrom; place < line.End; place++)
            {
                if (line[place] is WaitClaim claim && Count(claim.Waiter))
                {
                    table.MakeSenior(claim.Waiter, isMany ? line : null);
                    anySenior = true;
                }
            }

            int before = line.UnagedFrom;
            while (line.UnagedFrom < line.End && line[line.UnagedFrom] is not WaitClaim { Waiter.Passes: < PassesToBeSenior })
            {
                line.UnagedFrom++;
            }

            table.NoteAged(line, before);
            if (isMany && anySenior)
            {
                line.Rebuild();
            }

            return true;
        }

        private bool Count(Waiter waiter)
        {
            if (waiter.Session == _granted || waiter.Number >= _number)
            {
                return false;
            }

            Any = true;
            if (waiter.PassedBy == _number || waiter.Passes == PassesToBeSenior)
            {
                return false;
            }

            table.NotePassed(waiter);
            waiter.PassedBy = _number;
            return ++waiter.Passes == PassesToBeSenior;
        }
    }
}
