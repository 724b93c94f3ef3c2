using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Tree;
using Klock.Kernel.Undo;

namespace Klock.Kernel;

/// <summary>Commands that can be taken back: for a store that learns only afterwards that others decided something first.</summary>
public sealed partial class LeaseTable
{
    private readonly UndoLog _log = new();

    // The log while the table is tentative: all that it costs otherwise is to see that it is null.
    private UndoLog? _undo;
    private long _nowBeforeMs;
    private bool _wasCut;

    /// <summary>Whether the commands since <see cref="BeginTentative"/> can still be taken back.</summary>
    internal bool IsTentative => _undo is not null;

    /// <summary>
    /// From now on commands can be taken back, all together, until <see cref="Keep"/> or <see cref="TakeBack"/>. They answer, change the
    /// state and send events as always.
    /// </summary>
    /// <remarks>
    /// Costs some ns a change, and memory for each until then. What other stores decided cannot be followed meanwhile. As all of the
    /// table not safe for concurrent use. What is read in between (leases, waits, verdicts) has the changes.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The table is tentative already.</exception>
    public void BeginTentative()
    {
        RequireKept();
        _nowBeforeMs = NowMs;
        _wasCut = _isCut;
        _events.BeginTentative();
        _due.BeginTentative();
        _log.Begin();
        _undo = _log;
    }

    /// <summary>The commands since <see cref="BeginTentative"/> stand.</summary>
    /// <exception cref="InvalidOperationException">The table is not tentative.</exception>
    public void Keep()
    {
        RequireTentative();
        _undo = null;
        _log.Keep();
        _events.Keep();
        _due.Keep();
        _held.ForgetUnclaimed();
        _queued.ForgetUnclaimed();
        _parked.ForgetUnclaimed();
    }

    /// <summary>
    /// The commands since <see cref="BeginTentative"/> were never run: the state is what it was, and so are <see cref="Sequence"/>,
    /// <see cref="NowMs"/>, and the refusals that wait for an event to ride with.
    /// </summary>
    /// <remarks>
    /// <para>What was handed out meanwhile is the store's to drop: answers, events that were sent to the sink, ends of waits that an
    /// observer was notified of, leases and waits that do not exist now. Sink, observer and limits stay as they are.</para>
    /// <para>Names that nobody claims may be kept in another order afterwards: then two conflicting claims of one and the same waiter can
    /// be listed in another order (<see cref="Conflicts.ConflictSet.Oldest"/>) than if the commands had never run.</para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">The table is not tentative.</exception>
    public void TakeBack()
    {
        RequireTentative();
        _undo = null;
        while (_log.TryTakeLast(out Change change))
        {
            Reverse(change);
        }

        _due.TakeBack();
        _events.TakeBack();
        NowMs = _nowBeforeMs;
        _isCut = _wasCut;
    }

    private void RequireKept()
    {
        if (_undo is not null)
        {
            throw new InvalidOperationException("The table is tentative: keep or take back the commands first.");
        }
    }

    private void RequireTentative()
    {
        if (_undo is null)
        {
            throw new InvalidOperationException("The table is not tentative: there is nothing to keep or to take back.");
        }
    }

    private static void NoteIdle(ref Change change, Agent agent) => (change.Flag, change.Before) = (agent.IsInIdleList, agent.PreviousIdle);

    private void AddTo(ResourceTree tree, Claim claim)
    {
        tree.Add(claim);
        if (_undo is { } undo)
        {
            undo.Note(ChangeKind.ClaimAdded, claim).Before = tree;
        }
    }

    private void RemoveFrom(ResourceTree tree, Claim claim)
    {
        if (_undo is { } undo)
        {
            ref Change change = ref undo.Note(ChangeKind.ClaimRemoved, claim);
            ResourceTree.NotePlace(claim, ref change);
            change.Before = tree;
        }

        tree.Remove(claim);
    }

    private void Reverse(in Change change)
    {
        switch (change.Item)
        {
            case Agent agent:
                Reverse(change, agent);
                break;
            case Lease lease when change.Kind <= ChangeKind.LeaseShared:
                Reverse(change, lease);
                break;
            case Waiter waiter:
                Reverse(change, waiter);
                break;
            default:
                ReverseOther(change);
                break;
        }
    }

    private void Reverse(in Change change, Agent agent)
    {
        switch (change.Kind)
        {
            case ChangeKind.AgentAdded:
                _agents.Remove(agent);
                break;
            case ChangeKind.AgentRemoved:
                _agents.PutBack(agent, (Agent?)change.Before);
                break;
            case ChangeKind.AgentChanged:
                agent.Priority = unchecked((ulong)change.Number);
                _agents.PutBack(agent, change.Flag, (Agent?)change.Before);
                break;
            default:
                throw Unknown(change);
        }
    }

    private void Reverse(in Change change, Lease lease)
    {
        switch (change.Kind)
        {
            case ChangeKind.LeaseHeld:
                TakeBackHold(lease, change);
                break;
            case ChangeKind.LeaseRemoved:
                PutBack(lease, change);
                break;
            case ChangeKind.LeaseRenewed:
                SetRenewed(lease, change.Number, change.Other);
                break;
            case ChangeKind.LeaseBound:
                SetBound(lease, (LeaseId)change.Before!);
                break;
            case ChangeKind.LeaseChanged:
                (lease.Predicate, lease.FencingToken, lease.KeptFirstToken) = ((Predicate)change.Before!, change.Number, change.Other);
                _leaseExpiries.Update(lease);
                break;
            case ChangeKind.LeaseShared:
                lease.IsOfSharedSession = false;
                _sharing?.TakeBack(lease, change.Before!);
                break;
            default:
                throw Unknown(change);
        }
    }

    private void TakeBackHold(Lease lease, in Change held)
    {
        _named.Remove(lease);
        _bound.Remove(lease);
        lease.Session.Remove(lease);
        _agents.PutBack(lease.Session.Agent, held.Flag, (Agent?)held.Before);
        _leaseExpiries.Remove(lease);
        _held.TakeBack(lease);
        _leases.Remove(lease.Id);
    }

    private void PutBack(Lease lease, in Change removed)
    {
        lease.State = LeaseState.Active;
        _leases.Add(lease.Id, lease);
        if (lease.RequestId is not null)
        {
            _named.Add(lease);
        }

        _bound.Add(lease);
        lease.Session.PutBack(lease, (Lease?)removed.Before, seniorSince: removed.Number);
        _agents.PutBack(lease.Session.Agent, wasInList: false, lessRecent: null);
        _leaseExpiries.Add(lease);
        _held.PutBack(lease, removed);
    }

    private void Reverse(in Change change, Waiter waiter)
    {
        switch (change.Kind)
        {
            case ChangeKind.WaitStarted:
                TakeBackStart(waiter, change);
                break;
            case ChangeKind.WaitStopped:
                PutBack(waiter, change);
                break;
            case ChangeKind.WaitPromoted:
                TakeBackPromotion(waiter, number: change.Number);
                break;
            case ChangeKind.WaitLeftPlace:
                waiter.Joins!.JoinedBy!.Insert((int)change.Number, waiter);
                break;
            case ChangeKind.WaitSucceeded:
                waiter.Session.CountQueued(waiter, -1);
                waiter.GiveBackPlace((Waiter)change.Before!, (IReadOnlyList<WaitClaim>)change.Node!, change.Number);
                _waitExpiries.Update(waiter);
                break;
            case ChangeKind.WaitPassed:
                (waiter.PassedBy, waiter.Passes) = (change.Number, (int)change.Other);
                break;
            case ChangeKind.WaitElder:
                waiter.Elder = (SeenClaim)change.Before!;
                break;
            case ChangeKind.WaitKept:
                waiter.KeptUntilMs = change.Number;
                break;
            case ChangeKind.WatcherAdded:
                waiter.Watches!.Remove(waiter);
                break;
            case ChangeKind.WatcherRemoved:
                ((WatchList)change.Node!).PutBack(waiter, (Waiter?)change.Before);
                break;
            default:
                throw Unknown(change);
        }
    }

    private void TakeBackStart(Waiter waiter, in Change started)
    {
        WaitOwner owner = waiter.Owner;
        owner.Remove(waiter);
        if (owner.WaiterCount == 0)
        {
            _owners.Remove(owner.Id);
        }

        _bound.Remove(waiter);
        waiter.Session.Remove(waiter);
        _agents.PutBack(waiter.Session.Agent, started.Flag, (Agent?)started.Before);
        _waitExpiries.Remove(waiter);
        _waiters.Remove(waiter.Id);
        waiter.Joins?.RemoveJoined(waiter);
        waiter.Changes?.QueuedChange = null;
    }

    private void PutBack(Waiter waiter, in Change stopped)
    {
        WaitOwner owner = waiter.Owner;
        if (owner.WaiterCount == 0)
        {
            _owners.Add(owner.Id, owner);
            _ownerExpiries.Add(owner);
        }

        owner.PutBack(waiter, (Waiter?)stopped.Before);
        _bound.Add(waiter);
        waiter.Session.PutBack(waiter, (int)stopped.Number, seniorSince: stopped.Other);
        _agents.PutBack(waiter.Session.Agent, wasInList: false, lessRecent: null);
        _waitExpiries.Add(waiter);
        _waiters.Add(waiter.Id, waiter);
        waiter.Changes?.QueuedChange = waiter;
        waiter.HasEnded = false;
        foreach (WaitClaim claim in waiter.Claims)
        {
            claim.Became = null;
        }
    }

    private void TakeBackPromotion(Waiter waiter, long number)
    {
        waiter.Session.CountQueued(waiter, -1);
        waiter.IsQueued = false;
        waiter.Number = number;
        _waitExpiries.Update(waiter);
        foreach (Waiter joined in waiter.JoinedBy ?? [])
        {
            joined.IsQueued = false;
        }
    }

    private void ReverseOther(in Change change)
    {
        switch (change.Kind)
        {
            case ChangeKind.EndAdded:
                _ended.TakeBackLast();
                break;
            case ChangeKind.EndForgotten:
                _ended.PutBackFirst(((LeaseId, LeaseState, long))change.Before!);
                break;
            case ChangeKind.ClaimAdded:
                ((ResourceTree)change.Before!).TakeBack((Claim)change.Item);
                break;
            case ChangeKind.ClaimRemoved:
                ((ResourceTree)change.Before!).PutBack((Claim)change.Item, change);
                break;
            case ChangeKind.CrowdSet:
                ((ResourceNode)change.Item).PutBack((Crowd?)change.Before);
                break;
            case ChangeKind.LineRebuilt:
                ((Line)change.Item).TakeBackRebuild(change);
                break;
            case ChangeKind.LineAged:
                ((Line)change.Item).UnagedFrom = (int)change.Number;
                break;
            case ChangeKind.LineElder:
                ((Line)change.Item).Elder = (SeenClaim)change.Before!;
                break;
            case ChangeKind.OwnerKept:
                TakeBackKeepAlive((WaitOwner)change.Item, change);
                break;
            case ChangeKind.SessionAged:
                TakeBackAgeing((Session)change.Item, seniorSince: change.Number);
                break;
            case ChangeKind.WatchersSet:
                ((Claim)change.Item).Watchers = (WatchList?)change.Before;
                break;
            default:
                throw Unknown(change);
        }
    }

    private void TakeBackKeepAlive(WaitOwner owner, in Change kept)
    {
        (owner.AliveUntilMs, owner.ExpiresAtMs) = (kept.Number, kept.Other);
        if (kept.Flag)
        {
            _ownerExpiries.Update(owner);
        }
        else
        {
            _ownerExpiries.Remove(owner);
        }
    }

    private static void TakeBackAgeing(Session session, long seniorSince)
    {
        session.SeniorSince = seniorSince;
        foreach (WaitClaim claim in session.Waiters.SelectMany(waiter => waiter.Claims))
        {
            LineOf(claim)?.Update(claim);
        }
    }

    private static InvalidOperationException Unknown(in Change change) => new($"{change.Kind} is not taken back.");
}
