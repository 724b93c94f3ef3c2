using System.Text;
using CsCheck;
using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.WaitDie;

/// <summary>SPEC KLIS-3: ties are broken by agent id and then session id, by their UTF-8 bytes.</summary>
public sealed class SeniorityTests
{
    // Ascending by UTF-8 bytes, written by hand. As UTF-16 the last three would sort before U+E000.
    private static readonly string[] _ascending =
    [
        "\u0001", "A", "Z", "a", "a\u0001", "aa", "b", "b\uE000", "b\U00010000", "\u007F", "\u0080", "é", "\u07FF", "\u0800", "\uD7FF",
        "\uE000", "\uFFFD", "\uFFFF", "\U00010000", "\U00010001", "\U0010FFFF",
    ];

    private static readonly Resource _resource = Request.File("f");

    private static readonly Gen<string> _id = Gen
        .Frequency<int>(
            (3, Gen.Int['a', 'c']),
            (1, Gen.Int[0x7E, 0x82]),
            (1, Gen.Int[0x7FE, 0x801]),
            (1, Gen.Int[0xD7FE, 0xD7FF]),
            (2, Gen.Int[0xE000, 0xE001]),
            (1, Gen.Int[0xFFFE, 0xFFFF]),
            (2, Gen.Int[0x10000, 0x10001]),
            (1, Gen.Int[0x10FFFE, 0x10FFFF]))
        .Array[0, 5]
        .Select(points => string.Concat(points.Select(char.ConvertFromUtf32)));

    [Fact]
    public void Equal_priorities_are_ordered_by_agent_id() => EachPair((older, younger) => AssertOlder((older, "s"), (younger, "s")));

    [Fact]
    public void An_agent_orders_its_sessions_by_their_ids() =>
        EachPair((older, younger) => AssertOlder(("agent", older), ("agent", younger)));

    [Fact]
    public void The_agent_id_counts_before_the_session_id() =>
        EachPair((older, younger) => AssertOlder((older, "\U0010FFFF"), (younger, "\u0001")));

    [Theory]
    [InlineData(0UL, 1UL)]
    [InlineData(1_000UL, 1_001UL)]
    [InlineData(long.MaxValue, (ulong)long.MaxValue + 1)]
    [InlineData(0UL, ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 1, ulong.MaxValue)]
    public void The_priority_counts_before_any_id(ulong older, ulong younger) => AssertOlder(("z", "z"), ("a", "a"), older, younger);

    [Fact]
    public void Ids_compare_as_their_bytes_do() => Gen.Select(_id, _id).Sample(
        (a, b) => Math.Sign(Utf8Order.Compare(a, b)) == Math.Sign(Bytes(a).SequenceCompareTo(Bytes(b))),
        iter: 20_000);

    private static ReadOnlySpan<byte> Bytes(string id) => Encoding.UTF8.GetBytes(id);

    private static void EachPair(Action<string, string> check)
    {
        for (int i = 0; i < _ascending.Length; i++)
        {
            for (int j = i + 1; j < _ascending.Length; j++)
            {
                check(_ascending[i], _ascending[j]);
            }
        }
    }

    private static void AssertOlder(
        (string Agent, string Session) older, (string Agent, string Session) younger, ulong olderPriority = 7, ulong youngerPriority = 7)
    {
        Assert.Equal(Verdict.Wait, Judge((older, olderPriority), (younger, youngerPriority)));
        Assert.Equal(Verdict.Die, Judge((younger, youngerPriority), (older, olderPriority)));
    }

    private static Verdict Judge(
        ((string Agent, string Session) Name, ulong Priority) requester, ((string Agent, string Session) Name, ulong Priority) holder)
    {
        LeaseTable table = new(0);
        table.RegisterAgent(requester.Name.Agent, requester.Priority, 1);
        table.RegisterAgent(holder.Name.Agent, holder.Priority, 1);
        table.Hold(holder.Name.Agent, holder.Name.Session, _resource, Predicate.Mutates, 1);
        return table.Acquire(requester.Name.Agent, requester.Name.Session, _resource, Predicate.Mutates, 1).Conflicts.Verdict;
    }
}
