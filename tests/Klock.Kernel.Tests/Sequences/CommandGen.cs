using CsCheck;

namespace Klock.Kernel.Tests.Sequences;

/// <summary>Random commands of few agents on few resources.</summary>
internal static class CommandGen
{
    public const long LongestTtlMs = 5_000;

    // The last two sort one way as UTF-16 and the other way as UTF-8.
    private static readonly Gen<string> _agent = Gen.OneOf("a", "b", "b", "c", "\uE000", "\U00010000");
    private static readonly Gen<string> _session = Gen.OneOf("s", "s", "t", "\uFFFD", "\U0001F600");
    private static readonly Gen<ulong> _priority = Gen.OneOf(0UL, 1UL, 5UL, 5UL, 6UL, 1_000UL, ulong.MaxValue);
    private static readonly Gen<LeaseChoice> _lease =
        Gen.Select(Gen.Int[0, 1_000], Gen.Frequency((4, true), (1, false)), (number, held) => new LeaseChoice(number, held));

    private static readonly Gen<string> _predicate = Gen.Frequency(
        (4, "CONSUMES"), (3, "MUTATES"), (2, "DEPENDS_ON"), (2, "PROVIDES"), (1, "DELETES"), (1, "RENAMES"));

    private static readonly Gen<Ask> _ask = Gen.Select(
        _agent,
        _session,
        ResourceGen.Resource,
        _predicate,
        Gen.OneOf(1L, 2L, 20L, 700L, LongestTtlMs, LongestTtlMs),
        Gen.Frequency<string?>((3, null), (1, "because")),
        Gen.Frequency<string?>((6, null), (1, "r1"), (1, "r2")),
        (agent, session, resource, predicate, ttlMs, note, requestId) =>
            new Ask(agent, session, resource.Type, resource.Path, predicate, ttlMs, note, requestId));

    private static readonly Gen<long?> _newTtl = Gen.Frequency<long?>((3, null), (1, 3L), (1, 900L), (1, LongestTtlMs));

    private static readonly Gen<Command> _declare = Gen.Select(
        Gen.Frequency<string>((5, _agent), (1, Gen.Const("stranger"))),
        _session,
        Gen.Select(_predicate, ResourceGen.Resource, (predicate, resource) => (predicate, resource.Type, resource.Path)).Array[1, 4],
        (agent, session, intents) => (Command)new Declare(agent, session, intents));

    private static readonly Gen<Command> _tick =
        Gen.OneOf(0L, 1L, 1L, 2L, 10L, 100L, 1_000L, LongestTtlMs, -1L, -50L, -2_000L).Select(ms => (Command)new Tick(ms));

    private static readonly Gen<Command> _goToExpiry =
        Gen.Select(_lease, Gen.Int[-1, 1], (lease, offsetMs) => (Command)new GoToExpiry(lease, offsetMs));

    private static readonly Gen<Command> _one = Gen.Frequency<Command>(
        (4, Gen.Select(_agent, _priority, (agent, priority) => (Command)new Register(agent, priority))),
        (30, _ask.Select(ask => (Command)new Acquire(ask))),
        (8, _declare),
        (5, Gen.Select(_lease, _newTtl, (lease, ttlMs) => (Command)new Heartbeat(lease, ttlMs))),
        (8, _lease.Select(lease => (Command)new Release(lease))),
        (2, _lease.Select(lease => (Command)new Revoke(lease))),
        (1, Gen.Const((Command)new Evict())),
        (1, Gen.Const((Command)new Failover())),
        (8, _tick),
        (4, _goToExpiry));

    /// <summary>A sequence; now and then one request is repeated often, so that more stand in the way than are listed.</summary>
    public static Gen<Command[]> Sequence { get; } = Gen.Frequency<IEnumerable<Command>>(
            (40, _one.Select(command => Enumerable.Repeat(command, 1))),
            (1, Gen.Select(_ask, Gen.Int[2, 20], (ask, times) => Enumerable.Repeat((Command)new Acquire(ask), times))))
        .Array[1, 120]
        .Select(runs => runs.SelectMany(run => run).ToArray());
}
