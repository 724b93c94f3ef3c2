using System.Runtime.CompilerServices;
using Klock.Coordinator.Commands;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Paths;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;

namespace Klock.Coordinator;

/// <summary>The entry point: JSON in, JSON out. The C library, the server and the command line all call this class.</summary>
/// <param name="store">Where the state lives; owned from now on.</param>
/// <param name="ids">Where lease ids come from.</param>
/// <param name="root">Which absolute paths its relative names stand for; null for none.</param>
/// <remarks>Thread-safe. Bad input gets an error answer and changes nothing.</remarks>
public sealed class LeaseCoordinator(IStore store, ILeaseIdSource ids, StoreRoot? root = null) : IDisposable
{
    // Of the waits that an outage leaves behind there may be many.
    private const int MostAtOnce = 256;

    private readonly CommandMaker _commands = new(store, ids, root);

    /// <summary>Which absolute paths its relative names stand for; null for none.</summary>
    public StoreRoot? Root => root;

    /// <summary>Carries out one request, waiting for its answer on this thread when it asks to wait.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="request">The request, a JSON object in UTF-8.</param>
    /// <param name="reply">Is cleared, then gets the answer, a JSON object in UTF-8.</param>
    /// <param name="scope">The namespaces that its caller may use; null for all.</param>
    public void Execute(
        Operation operation, ReadOnlySpan<byte> request, Reply reply, NamespaceScope? scope = null)
    {
        if (Begin(operation, request, reply, scope) is { } wait)
        {
            Wait(wait, reply, CancellationToken.None);
        }
    }

    /// <summary>Waits for the answer of a request that has to wait, on this thread. When cancelled, the request is withdrawn, as
    /// <see cref="Cancel"/> does.</summary>
    /// <param name="wait">What <see cref="Begin"/> returned.</param>
    /// <param name="reply">Is cleared, then gets the answer.</param>
    /// <param name="cancellation">Cancelled when nobody is there any more to read the answer.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Wait(PendingWait wait, Reply reply, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wait);
        using CancellationTokenRegistration wakes = cancellation.UnsafeRegister(
            static wait => ((ITimekeeper)wait!).Signal(), wait);
        try
        {
            while (!TryFinish(wait, reply, out Pause pause))
            {
                cancellation.ThrowIfCancellationRequested();
                wait.Block(pause);
            }
        }
        catch
        {
            // Whatever was thrown, the caller gets no answer; and if it was the timekeeper, all others would not wake.
            Cancel(wait);
            throw;
        }
    }

    /// <summary>Waits for the answer of a request that has to wait, without a thread. When cancelled, the request is withdrawn, as
    /// <see cref="Cancel"/> does.</summary>
    /// <param name="wait">What <see cref="Begin"/> returned.</param>
    /// <param name="reply">Is cleared, then gets the answer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Cancelled when nobody is there any more to read the answer.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task WaitAsync(PendingWait wait, Reply reply, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wait);
        try
        {
            while (!TryTake(wait, reply, blocksThread: false, out Pause pause))
            {
                await wait.BlockAsync(pause, time, cancellation);
            }
        }
        catch
        {
            await CancelAsync(wait);
            throw;
        }
    }

    /// <summary>Starts one request. It is done at once, or has to wait.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="request">The request, a JSON object in UTF-8.</param>
    /// <param name="reply">Is cleared, then gets the answer, if it is there.</param>
    /// <param name="scope">The namespaces that its caller may use; null for all.</param>
    /// <returns>null when the answer is in <paramref name="reply"/>; else what to wait for.</returns>
    public PendingWait? Begin(
        Operation operation, ReadOnlySpan<byte> request, Reply reply, NamespaceScope? scope = null)
    {
        if (operation == Operation.Events)
        {
            return ListEventsAsync(request, reply, scope).AsTask().GetAwaiter().GetResult();
        }

        if (Prepare(operation, request, reply, scope) is not { } command)
        {
            return null;
        }

        try
        {
            if (command.OnlyReads)
            {
                store.Read(command);
            }
            else
            {
                EndAbandoned();
                store.Execute(command);
            }

            return command.Pending;
        }
        catch (KlockException refused)
        {
            Refuse(command, reply, refused);
            return null;
        }
    }

    /// <summary>As <see cref="Begin"/>, without a thread while the store waits for another machine.</summary>
    public ValueTask<PendingWait?> BeginAsync(
        Operation operation, ReadOnlySpan<byte> request, Reply reply, NamespaceScope? scope = null) =>
        operation == Operation.Events ? ListEventsAsync(request, reply, scope)
        : Prepare(operation, request, reply, scope) is { } command ? RunAsync(command, reply)
        : default;

    /// <summary>Checks whether a waiting request is answered.</summary>
    /// <param name="wait">What <see cref="Begin"/> returned.</param>
    /// <param name="reply">Is cleared, and gets the answer when it is there.</param>
    /// <param name="pause">If it is not: how to block before checking again (<see cref="PendingWait.Block"/>).</param>
    internal bool TryFinish(PendingWait wait, Reply reply, out Pause pause)
    {
        ArgumentNullException.ThrowIfNull(wait);
        ArgumentNullException.ThrowIfNull(reply);
        return TryTake(wait, reply, blocksThread: true, out pause);
    }

    /// <summary>Withdraws a request that had to wait: its caller went away.</summary>
    /// <remarks>
    /// It waits no longer. If it was granted meanwhile, its leases are released, unless it had a request id: another caller of the same
    /// request may have got them as its answer, so they last until they are released or expire. A change of a lease that was made stays.
    /// </remarks>
    internal void Cancel(PendingWait wait)
    {
        ArgumentNullException.ThrowIfNull(wait);
        try
        {
            TakeOff(wait);
        }
        catch (Exception)
        {
            // The store fails, is closed or met a defect. Others who wait here keep this wait alive too.
            store.Waits.Abandoned.Enqueue(wait);
        }

        store.Waits.Forget(wait);
        store.Waits.Leave(wait);
    }

    /// <summary>As <see cref="Cancel"/>, without a thread while the store waits for another machine.</summary>
    public async Task CancelAsync(PendingWait wait)
    {
        ArgumentNullException.ThrowIfNull(wait);
        await TryTakeOffAsync(wait);
        store.Waits.Forget(wait);
        store.Waits.Leave(wait);
    }

    /// <summary>How much room is left in the store; null where that is not known.</summary>
    public StoreRoom? Room => store.Room;

    /// <summary>How much is in the store, over all namespaces; without a thread while the store waits for another machine.</summary>
    /// <exception cref="KlockException">The store fails or is closed.</exception>
    /// <remarks>A store that is full still reads: <see cref="Room"/> tells.</remarks>
    public async Task<StoreHealth> ReadHealthAsync()
    {
        var look = new LookAtHealth();
        await store.ReadAsync(look);
        return look.Found;
    }

    /// <summary>
    /// Ends what is overdue, so that its events are emitted in time also while nobody sends a request. Nothing is written when nothing is
    /// due.
    /// </summary>
    /// <returns>Why it failed; null when it did not. It never throws: the caller continues to sweep.</returns>
    public Exception? Sweep()
    {
        EndAbandoned();
        try
        {
            store.Tick();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    /// <summary>As <see cref="Cancel"/>, but fails when the store does.</summary>
    /// <exception cref="KlockException">The store fails or is closed; the wait goes on, or has ended with the store.</exception>
    internal void TakeOff(PendingWait wait) => store.Execute(new CancelWait(wait.Waiter));

    /// <summary>Called before a caller blocks: does what is due, if this caller is the timekeeper.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="blocksThread">Whether it will block a thread, which other processes can wake.</param>
    /// <returns>How it may block before it must call again; forever when another caller is the timekeeper.</returns>
    internal Pause KeepTime(ITimekeeper caller, bool blocksThread) =>
        store.Waits.KeepsTime(caller) ? TickAndSee(blocksThread) : Pause.Forever;

    /// <summary>A caller that has called <see cref="KeepTime"/> blocks no more.</summary>
    internal void Leave(ITimekeeper caller) => store.Waits.Leave(caller);

    /// <summary>Closes the store; requests from now on, and those that wait, are answered <see cref="ErrorCode.Closed"/>.</summary>
    public void Dispose() => store.Dispose();

    // null: the answer is there.
    private Command? Prepare(Operation operation, ReadOnlySpan<byte> request, Reply reply, NamespaceScope? scope)
    {
        ArgumentNullException.ThrowIfNull(reply);
        reply.Clear();
        scope ??= NamespaceScope.All;
        try
        {
            Command command = _commands.Read(operation, request, scope);
            command.AnswerTo(reply);
            return command;
        }
        catch (KlockException refused)
        {
            Answers.WriteError(reply, refused.Code, refused.Message);
            return null;
        }
    }

    // What was abandoned is left to the sweeps: ending it would block.
    private async ValueTask<PendingWait?> RunAsync(Command command, Reply reply)
    {
        try
        {
            await (command.OnlyReads ? store.ReadAsync(command) : store.ExecuteAsync(command));
            return command.Pending;
        }
        catch (KlockException refused)
        {
            Refuse(command, reply, refused);
            return null;
        }
    }

    // The command may have written an answer before the store failed: it may rest on what was never stored.
    private void Refuse(Command command, Reply reply, KlockException refused)
    {
        Answers.WriteError(reply, refused.Code, refused.Message);
        if (command.Pending is { } lost)
        {
            store.Waits.Forget(lost);
            store.Waits.Abandoned.Enqueue(lost);
        }
    }

    private async Task<bool> TryTakeOffAsync(PendingWait wait)
    {
        try
        {
            await store.ExecuteAsync(new CancelWait(wait.Waiter));
            return true;
        }
        catch (Exception)
        {
            // As in Cancel.
            store.Waits.Abandoned.Enqueue(wait);
            return false;
        }
    }

    // The store failed after it had let a request wait, so the request may wait in it all the same: nobody is there to take its answer.
    private void EndAbandoned()
    {
        if (store.Waits.Abandoned.IsEmpty)
        {
            return;
        }

        // A store on another machine takes them together; at any other one the first that fails shows that it fails still.
        var ends = new List<Task<bool>>();
        while (ends.Count < MostAtOnce && store.Waits.Abandoned.TryDequeue(out PendingWait? lost))
        {
            Task<bool> end = TryTakeOffAsync(lost);
            ends.Add(end);
            if (end is { IsCompletedSuccessfully: true, Result: false })
            {
                break;
            }
        }

        Task.WhenAll(ends).GetAwaiter().GetResult();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<PendingWait?> ListEventsAsync(ReadOnlySpan<byte> request, Reply reply, NamespaceScope? scope)
    {
        ArgumentNullException.ThrowIfNull(reply);
        reply.Clear();
        try
        {
            EventsRequest events = EventsRequest.Parse(new RequestFields(request));
            return EventList.WriteAsync(reply, store, events, scope ?? NamespaceScope.All);
        }
        catch (KlockException refused)
        {
            Answers.WriteError(reply, refused.Code, refused.Message);
            return default;
        }
    }

    private bool TryTake(PendingWait wait, Reply reply, bool blocksThread, out Pause pause)
    {
        pause = wait.IsAnswered ? default : KeepTime(wait, blocksThread);
        if (!wait.IsAnswered)
        {
            return false;
        }

        store.Waits.Leave(wait);
        reply.CopyFrom(wait.Reply);
        return true;
    }

    private Pause TickAndSee(bool blocksThread)
    {
        try
        {
            IWakeUps? wakeUps = blocksThread ? store.WakeUps : null;
            wakeUps?.Clear();
            store.Tick();
            return new Pause(store.UntilNextTick(isWoken: wakeUps is not null), wakeUps);
        }
        catch (Exception)
        {
            // The store fails for now, or met a defect. Nobody is granted anything meanwhile; those who wait continue until their time is
            // up, and the timekeeper keeps its role.
            return new Pause(TimeSpan.FromMilliseconds(100));
        }
    }
}
