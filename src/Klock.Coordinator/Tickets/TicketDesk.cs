using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;

namespace Klock.Coordinator.Tickets;

/// <summary>Requests that wait without a thread each: they are submitted for tickets, and one thread collects all answers.</summary>
/// <param name="coordinator">Carries the requests out; remains the caller's.</param>
/// <param name="time">The clock of the collectors' time-outs.</param>
/// <remarks>
/// Thread-safe. JSON in, JSON out, as the coordinator. A caller that collects is the timekeeper of the store's waits meanwhile: there is
/// no other thread for it. The lock order is store, waits, desk, signal of a caller.
/// </remarks>
public sealed class TicketDesk(LeaseCoordinator coordinator, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Ticket> _open = [];
    private readonly LinkedList<Ticket> _answered = [];
    private readonly List<CallerSignal> _collectors = [];
    private long _lastNumber;

    private delegate T Reader<T>(in RequestFields request);

    /// <summary>Starts a request: <c>{"request":"acquire"|"acquire_all"|"change_lease", …its fields}</c>.</summary>
    /// <param name="request">The request, a JSON object in UTF-8.</param>
    /// <param name="reply">Is cleared, and gets the request's answer, or a ticket when it waits.</param>
    public void Submit(ReadOnlySpan<byte> request, Reply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (!TryRead(request, Fields.Request.Read, reply, out Operation operation))
        {
            return;
        }

        if (IsFull())
        {
            Fail(reply, Field.Invalid($"{Limits.Tickets} tickets are open, which is the most: collect or cancel some first."));
        }
        else if (coordinator.Begin(operation, request, reply) is { } wait)
        {
            Add(wait, reply);
        }
    }

    /// <summary>Waits for answers to tickets: <c>{"timeout_ms"?}</c>. Acts as timekeeper for all waits of the store meanwhile.</summary>
    /// <param name="request">How long to wait at the most; an hour if it does not say.</param>
    /// <param name="reply">Is cleared, and gets the available answers: none when the time is up, or no ticket is open.</param>
    public void Collect(ReadOnlySpan<byte> request, Reply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (!TryRead(request, Fields.TimeoutMs.ReadOptional, reply, out ulong? timeoutMs))
        {
            return;
        }

        WaitForNews(TimeSpan.FromMilliseconds(timeoutMs ?? (ulong)Limits.WaitMs));
        List<Ticket> taken = Take(out int open);
        try
        {
            reply.Clear();
            TicketJson.WriteCollected(reply, taken, open);
        }
        catch
        {
            PutBack(taken);
            throw;
        }
    }

    /// <summary>
    /// Cancels a ticket: <c>{"ticket"}</c>. A lease that it was granted just before is released, unless the request had a request id.
    /// </summary>
    /// <param name="request">Which ticket.</param>
    /// <param name="reply">Is cleared, and gets whether nothing of the request is left; if something is, with the answer it got.</param>
    public void Cancel(ReadOnlySpan<byte> request, Reply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (!TryRead(request, Fields.Ticket.Read, reply, out ulong number))
        {
            return;
        }

        if (Claim((long)number) is not { } ticket)
        {
            Fail(reply, Field.Invalid($"ticket is {number}: no such ticket is open; it was collected or cancelled, or never given."));
        }
        else
        {
            Cancel(ticket, reply);
        }
    }

    internal void TakeAnswer(Ticket ticket)
    {
        lock (_gate)
        {
            PutToAnswered_NeedsLock(ticket);
        }
    }

    private static bool TryRead<T>(ReadOnlySpan<byte> request, Reader<T> read, Reply reply, out T? value)
    {
        value = default;
        try
        {
            value = read(new RequestFields(request));
            return true;
        }
        catch (KlockException refused)
        {
            Fail(reply, refused);
        }

        return false;
    }

    private static void Fail(Reply reply, KlockException problem) => Answers.WriteError(reply, problem.Code, problem.Message);

    private void WaitForNews(TimeSpan timeout)
    {
        long startedAt = time.GetTimestamp();
        var collector = new CallerSignal();
        lock (_gate)
        {
            _collectors.Add(collector);
        }

        try
        {
            while (true)
            {
                // Called before the first check too, and when it may not block at all: nobody else may be there to do what is due.
                Pause pause = coordinator.KeepTime(collector, blocksThread: true);
                TimeSpan left = timeout - time.GetElapsedTime(startedAt);
                if (left <= TimeSpan.Zero || HasNews())
                {
                    return;
                }

                collector.Block(pause.AtMost(left));
            }
        }
        finally
        {
            lock (_gate)
            {
                _collectors.Remove(collector);
            }

            coordinator.Leave(collector);
        }
    }

    private bool HasNews()
    {
        lock (_gate)
        {
            return _answered.Count > 0 || _open.Count == 0;
        }
    }

    // They check again, and leave or block once more.
    private void WakeCollectors_NeedsLock()
    {
        foreach (CallerSignal collector in _collectors)
        {
            collector.Signal();
        }
    }

    private void Cancel(Ticket ticket, Reply reply)
    {
        try
        {
            coordinator.TakeOff(ticket.Wait);
        }
        catch (KlockException problem)
        {
            GiveBack(ticket);
            Fail(reply, problem);
            return;
        }
        catch
        {
            GiveBack(ticket);
            throw;
        }

        Remove(ticket.Number);
        reply.Clear();
        TicketJson.WriteCancelled(reply, ticket);
    }

    private void Remove(long number)
    {
        lock (_gate)
        {
            _open.Remove(number);
            WakeCollectors_NeedsLock();
        }
    }

    private bool IsFull()
    {
        lock (_gate)
        {
            return _open.Count >= Limits.Tickets;
        }
    }

    private void Add(PendingWait wait, Reply reply)
    {
        Ticket? ticket = null;
        try
        {
            lock (_gate)
            {
                ticket = new Ticket(this, ++_lastNumber, wait);
                _open.Add(ticket.Number, ticket);
            }

            wait.AnswerTo(ticket);
            TicketJson.WriteTicket(reply, ticket.Number);
        }
        catch
        {
            // Nobody knows the ticket's number, so nobody would collect it.
            Claim(ticket?.Number ?? 0);
            Remove(ticket?.Number ?? 0);
            coordinator.Cancel(wait);
            throw;
        }
    }

    private List<Ticket> Take(out int open)
    {
        var taken = new List<Ticket>();
        lock (_gate)
        {
            while (taken.Count < Limits.CollectedAnswers && _answered.First is { } first)
            {
                _answered.RemoveFirst();
                _open.Remove(first.Value.Number);
                taken.Add(first.Value);
            }

            open = _open.Count;
            if (open == 0)
            {
                WakeCollectors_NeedsLock();
            }
        }

        return taken;
    }

    private Ticket? Claim(long number)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(number, out Ticket? ticket) || ticket.IsBeingCancelled)
            {
                return null;
            }

            ticket.IsBeingCancelled = true;
            if (ticket.Place is { } place)
            {
                _answered.Remove(place);
                ticket.Place = null;
            }

            return ticket;
        }
    }

    // Their answers could not be written: they remain for the next caller that collects.
    private void PutBack(List<Ticket> taken)
    {
        lock (_gate)
        {
            foreach (Ticket ticket in taken)
            {
                ticket.Place = null;
                _open.Add(ticket.Number, ticket);
                PutToAnswered_NeedsLock(ticket);
            }
        }
    }

    private void GiveBack(Ticket ticket)
    {
        lock (_gate)
        {
            ticket.IsBeingCancelled = false;
            if (ticket.Wait.IsAnswered)
            {
                PutToAnswered_NeedsLock(ticket);
            }
        }
    }

    private void PutToAnswered_NeedsLock(Ticket ticket)
    {
        if (!ticket.IsBeingCancelled && ticket.Place is null)
        {
            ticket.Place = _answered.AddLast(ticket);
            WakeCollectors_NeedsLock();
        }
    }
}
