using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Invariants;
using Klock.Kernel.Undo;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>Who may go when something is let go.</summary>
/// <remarks>
/// A release costs what it grants. Who is queued watches one claim that blocks it (<see cref="WatchList"/>), and is judged again
/// only when that goes. Who is parked is judged again only when an elder in its way is gone (<see cref="SeenClaim"/>); where many are
/// parked on one name, one elder of them all is enough (<see cref="Line.Elder"/>).
/// A replica that follows others notes whom their events may concern, and judges them with its own next command. Whoever decided has
/// judged them already, so that nothing comes of it but new claims to watch.
/// </remarks>
public sealed partial class LeaseTable
{
    private readonly DueWaits _due = new();
    private readonly BlockerFinder _blockers;
    private readonly ElderFinder _elders;
    private readonly ParkedNoter _parkedNoter;
    private bool _isCut;

    /// <summary>
    /// How many events, from 1, a command may make by granting those whom it frees. Once there are as many, the rest are left to
    /// <see cref="Advance(long, int)"/>, or to the next command, which grants them before it is judged.
    /// </summary>
    /// <remarks>For a store whose journal takes only so many events at a time. All the leases of one request are granted together, so there
    /// may be more by one less than it wants.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int FreesAtMost
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }

    = int.MaxValue;

    /// <summary>Whether some whom a command has freed are still to be granted: <see cref="NextDueMs"/> is not later than now.</summary>
    public bool HasMoreToFree => _isCut && _due.Any;

    /// <summary>How often a request that waits, or a line of them, was judged again: what a release costs, for tests.</summary>
    internal long Judgements { get; private set; }

    /// <summary>Whether requests are noted that may go now: after a command, those that it left; on a table that follows, those whom an
    /// event may have freed. The next command judges them all.</summary>
    public bool HasToJudge => _due.Any;

    /// <summary>Judges again, in their order, all whom the last changes may have freed: the queue first, then the parked.</summary>
    private void Settle()
    {
        if (_due.Any)
        {
            SettleAtMost(FreesAtMost);
        }
    }

    private void SettleAtMost(int most)
    {
        long before = Sequence;
        _isCut = false;
        while (_due.Any)
        {
            if (Sequence - before >= most)
            {
                _due.Pause();
                _isCut = true;
                return;
            }

            if (_due.TakeQueued() is { } queued)
            {
                JudgeQueued(queued);
            }
            else if (TakeParked() is { } parked)
            {
                JudgeParked(parked);
            }
        }
    }

    private void JudgeQueued(Waiter waiter)
    {
        Judgements++;
        if (TryGiveGranted(waiter) || waiter.Watches is not null)
        {
            // Its session asked twice, and has what it asked for; or it was noted twice, and what it watches stands.
            return;
        }

        Invariant.Require(waiter.Joins is null, "who shares a place is not judged");
        if (_blockers.Find(waiter) is { } blocker)
        {
            StartWatching(waiter, blocker.Watchers ??= new WatchList());
        }
        else
        {
            GrantWaiter(waiter);
        }
    }

    private void JudgeParked(Waiter waiter)
    {
        Judgements++;
        if (TryGiveGranted(waiter))
        {
            return;
        }

        Invariant.Require(waiter.Joins is null, "who shares a place is not judged");
        Invariant.Require(!waiter.Session.HoldsOrQueues, "whose session holds or queues is not parked");
        _elders.Look(waiter);
        if (_elders.IsElder)
        {
            SetElder(waiter, new SeenClaim(_elders.Oldest!));
        }
        else if (_elders.Oldest is null)
        {
            GrantWaiter(waiter);
        }
        else
        {
            _events.Next();
            Promote(waiter, Sequence);
            EmitWaiting(Events.EventKind.Promoted, waiter);
            EndParked(waiter.Session);
        }
    }

    /// <summary>The one who was parked first of all who must be judged; null when nobody need be any more.</summary>
    private Waiter? TakeParked()
    {
        while (_due.TryTakeLine(out Line? line, out long number))
        {
            Waiter? first = FirstToJudge(line!);
            if (first is null)
            {
                continue;
            }

            _due.Note(line!, first.Number);
            if (first.Number == number)
            {
                return first;
            }
        }

        return _due.TakeParked();
    }

    /// <summary>
    /// Of a line of those who are parked the first who is older than all in the way of the line; null when there is none, and an elder of
    /// all of them is known.
    /// </summary>
    private Waiter? FirstToJudge(Line line)
    {
        if (line.Count == 0 || HasElder(line))
        {
            return null;
        }

        FindElder(line);
        if (_elders.IsElder)
        {
            return null;
        }

        // Who is older may still have an elder in its way elsewhere.
        Session? oldest = _elders.Oldest?.Session;
        Claim? first = line.FirstOlderThan(oldest);
        while (first is not null && HasElderBeside(line, ((WaitClaim)first).Waiter))
        {
            first = line.FirstOlderThan(oldest, first.Place + 1);
        }

        return ((WaitClaim?)first)?.Waiter;
    }

    // An elder of all of the line, if there is one, and else the oldest in its way.
    private void FindElder(Line line)
    {
        Judgements++;
        _elders.Look(line);
        if (_undo is { } undo)
        {
            undo.Note(ChangeKind.LineElder, line).Before = line.Elder;
        }

        line.Elder = _elders.Oldest is { } found ? new SeenClaim(found) : default;
    }

    private void SetElder(Waiter waiter, SeenClaim elder)
    {
        if (_undo is { } undo)
        {
            undo.Note(ChangeKind.WaitElder, waiter).Before = waiter.Elder;
        }

        waiter.Elder = elder;
    }

    private bool HasElderBeside(Line line, Waiter waiter)
    {
        bool has = HasElder(waiter);
        for (int i = 0; i < waiter.Claims.Count && !has; i++)
        {
            if (LineOf(waiter.Claims[i]) is { } other && other != line)
            {
                if (other.Elder.Standing is null)
                {
                    FindElder(other);
                }

                has = HasElder(other, waiter);
            }
        }

        return has;
    }

    private static Line? LineOf(WaitClaim parked) => parked.Place < 0 ? null : parked.Node!.Crowd!.LineOf(parked);

    private static bool HasElder(Waiter waiter) => waiter.Elder.Standing is not null;

    // What is known to be in the way of all of a line is in this one's way too.
    private static bool HasElder(Line line, Waiter waiter) =>
        line.Elder.Standing is { } elder && elder.Session.CompareSeniority(waiter.Session) < 0;

    // Whoever came or became senior since may be older.
    private static bool HasElder(Line line) =>
        line.Elder.Standing is { } elder && elder.Session.CompareSeniority(line.Oldest!.Session) < 0;

    /// <summary>Notes a request that has just been parked, or became senior, unless it stands in a line that has an elder of it.</summary>
    private void NoteParked(Waiter waiter)
    {
        if (waiter.Joins is not null)
        {
            return;
        }

        Line? line = null;
        for (int i = 0; i < waiter.Claims.Count; i++)
        {
            if (LineOf(waiter.Claims[i]) is not { } its)
            {
                continue;
            }

            if (HasElder(its, waiter))
            {
                return;
            }

            line ??= its;
        }

        if (line is null)
        {
            _due.Note(waiter);
        }
        else
        {
            _due.Note(line);
        }
    }

    /// <summary>Notes whom a claim that goes away may free. It stands in no tree any more.</summary>
    private void NoteGone(Claim claim)
    {
        if (claim.Watchers is { Count: > 0 } watchers)
        {
            // One of the same kind on the same name blocks whom it blocked, but for its own session's.
            if (_held.FindSame(claim.Resource, claim.Strength, static other => !other.Session.Queues) is { } same)
            {
                HandOver(watchers, same);
            }
            else
            {
                NoteAll(watchers);
            }
        }

        SetWatchers(claim, null);
        if (_parked.ClaimCount > 0)
        {
            _parked.VisitConflicts(claim.Resource, claim.Strength, _parkedNoter);
        }
    }

    private void NoteAll(WatchList watchers)
    {
        while (watchers.First is { } waiter)
        {
            StopWatching(waiter);
            _due.Note(waiter);
        }
    }

    // The shorter list is moved one by one, and the other as it is.
    private void HandOver(WatchList watchers, Claim to)
    {
        (WatchList more, WatchList? fewer) = to.Watchers is { } there && there.Count > watchers.Count
            ? (there, watchers)
            : (watchers, to.Watchers);
        SetWatchers(to, more);
        while (fewer?.First is { } waiter)
        {
            StopWatching(waiter);
            StartWatching(waiter, more);
        }
    }

    private void SetWatchers(Claim claim, WatchList? watchers)
    {
        if (_undo is { } undo && claim.Watchers != watchers)
        {
            undo.Note(ChangeKind.WatchersSet, claim).Before = claim.Watchers;
        }

        claim.Watchers = watchers;
    }

    private void StartWatching(Waiter waiter, WatchList list)
    {
        list.Add(waiter);
        _undo?.Note(ChangeKind.WatcherAdded, waiter);
    }

    private void StopWatching(Waiter waiter)
    {
        if (waiter.Watches is not { } list)
        {
            return;
        }

        if (_undo is { } undo)
        {
            ref Change change = ref undo.Note(ChangeKind.WatcherRemoved, waiter);
            (change.Before, change.Node) = (waiter.PreviousWatcher, list);
        }

        list.Remove(waiter);
    }

    /// <summary>Notes those who are parked and have no elder in their way that is known to stand.</summary>
    private sealed class ParkedNoter(DueWaits due) : IClaimVisitor
    {
        public bool Visit(Claim claim)
        {
            Waiter waiter = ((WaitClaim)claim).Waiter;
            if (!HasElder(waiter))
            {
                due.Note(waiter);
            }

            return true;
        }

        public bool VisitLine(Line line)
        {
            if (!HasElder(line))
            {
                due.Note(line);
            }

            return true;
        }
    }
}
