namespace Klock.Kernel.Tests.Sequences;

/// <summary>One step of a random sequence: plain data, so that a failing sequence prints and replays.</summary>
internal abstract record Command
{
    /// <summary>Settles what the command speaks of (the time, which lease), so that every subject is asked the very same.</summary>
    public abstract Func<ISubject, Answer> Prepare(World world);
}

/// <summary>Time goes on, or back.</summary>
internal sealed record Tick(long Ms) : Command
{
    public override Func<ISubject, Answer> Prepare(World world)
    {
        world.NowMs = Math.Max(0, world.NowMs + Ms);
        return _ => Answer.Done;
    }
}

/// <summary>Time goes to where a lease ends, a ms before it or a ms after it.</summary>
internal sealed record GoToExpiry(LeaseChoice Lease, int OffsetMs) : Command
{
    public override Func<ISubject, Answer> Prepare(World world)
    {
        world.NowMs = world.ExpiryOf(Lease) is { } expiresAtMs ? Math.Max(0, expiresAtMs + OffsetMs) : world.NowMs;
        return _ => Answer.Done;
    }
}

/// <summary>The follower takes over: what it decides from now on shows what it had learned.</summary>
internal sealed record Failover : Command
{
    public override Func<ISubject, Answer> Prepare(World world)
    {
        world.Failover();
        return _ => Answer.Done;
    }
}

internal sealed record Register(string Agent, ulong Priority) : Command
{
    public override Func<ISubject, Answer> Prepare(World world)
    {
        long now = world.NowMs;
        return subject => subject.Register(Agent, Priority, now);
    }
}

internal sealed record Acquire(Ask Ask) : Command
{
    public override Func<ISubject, Answer> Prepare(World world)
    {
        (UInt128 id, long now) = (world.NextId(), world.NowMs);
        return subject => subject.Acquire(Ask, id, now);
    }
}

internal sealed record Declare(string Agent, string Session, IReadOnlyList<(string Predicate, string Type, string Path)> Intents) : Command
{
    public override Func<ISubject, Answer> Prepare(World world)
    {
        long now = world.NowMs;
        return subject => subject.Declare(Agent, Session, Intents, now);
    }

    public override string ToString() => $"Declare {{ {Agent}/{Session}: {string.Join(", ", Intents)} }}";
}

internal sealed record Heartbeat(LeaseChoice Lease, long? TtlMs) : Command
{
    public override Func<ISubject, Answer> Prepare(World world)
    {
        (UInt128 id, long now) = (world.IdOf(Lease), world.NowMs);
        return subject => subject.Heartbeat(id, TtlMs, now);
    }
}

internal sealed record Release(LeaseChoice Lease) : Command
{
    public override Func<ISubject, Answer> Prepare(World world)
    {
        (UInt128 id, long now) = (world.IdOf(Lease), world.NowMs);
        return subject => subject.Release(id, now);
    }
}

internal sealed record Revoke(LeaseChoice Lease) : Command
{
    public override Func<ISubject, Answer> Prepare(World world)
    {
        (UInt128 id, long now) = (world.IdOf(Lease), world.NowMs);
        return subject => subject.Revoke(id, now);
    }
}

internal sealed record Evict : Command
{
    public override Func<ISubject, Answer> Prepare(World world)
    {
        long now = world.NowMs;
        return subject => subject.Evict(now);
    }
}
